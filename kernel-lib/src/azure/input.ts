import { mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SluiceError } from "../errors.ts";
import { BLOCK_BYTES, inParallel, openContainer } from "./container.ts";
import type { BlobContainer, BlobItem, OperationOptions } from "./container.ts";
import type { StorageCredentials } from "./credentials.ts";
import { storageError } from "./errors.ts";
import { tempFolder } from "./temp-folder.ts";
import { folderPrefix, formatStorageUri, parseStorageUri } from "./uri.ts";

/** How a transfer of several files goes on. */
export interface FolderProgress {
  readonly files: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

/** How to read an input. */
export interface InputOptions extends OperationOptions {
  readonly credentials?: StorageCredentials;
  readonly onProgress?: (progress: FolderProgress) => void;
}

/** One blob of an input: where it is, and where its copy lies once it is there. */
export interface InputFile {
  readonly uri: string;
  /** The name relative to the address that was opened. */
  readonly relative: string;
  /** Size in bytes. */
  readonly size: number;
  readonly localPath: string;
}

/** Blobs copied into a local temporary folder, until {@link LocalInput.close}. */
export interface LocalInput extends AsyncDisposable {
  readonly folder: string;
  readonly files: readonly InputFile[];
  /** Deletes the local copies. */
  close(): Promise<void>;
}

/**
 * Lists the data files at an address: one blob, a folder with everything below it, or a pattern with `*`, `?`, `[…]`
 * and `{a,b}`. Names with a part that starts with `_` or `.` are no data, as in Spark, unless the part is `name=value`.
 *
 * @throws SluiceError `NOT_FOUND` when the container or the path does not exist
 * @example
 * ```ts
 * const files = await listInput("az://landing/accounts/");
 * console.log(files.length); // 1
 * ```
 */
export async function listInput(
  uri: string,
  options: InputOptions = {},
): Promise<{ uri: string; relative: string; size: number }[]> {
  const { container, blobs, base } = await findBlobs(uri, options);
  return blobs.map((blob) => ({
    uri: formatStorageUri({ ...container.uri, path: blob.name }),
    relative: blob.name.slice(base.length),
    size: blob.size,
  }));
}

/**
 * Copies the data files at an address into a local temporary folder for reading, in parallel ranges.
 *
 * The copies keep their relative names (so partition folders such as `load_date=…` survive). A blob that changes while
 * it is read is an error, not a mixture. When the copy fails or is stopped, the folder is gone.
 *
 * @example
 * ```ts
 * await using input = await openInput("az://landing/accounts/");
 * console.log(input.folder, input.files.length);
 * ```
 */
export async function openInput(uri: string, options: InputOptions = {}): Promise<LocalInput> {
  const { container, blobs, base } = await findBlobs(uri, options);
  const { path: folder, remove: close } = await tempFolder("sluice-input-");
  const files = blobs.map((blob) => {
    const relative = blob.name.slice(base.length);
    return {
      uri: formatStorageUri({ ...container.uri, path: blob.name }),
      relative,
      size: blob.size,
      localPath: localPathOf(folder, relative),
    };
  });
  try {
    await copyDown(container, blobs, files, options);
  } catch (error) {
    await close();
    throw storageError(
      error,
      { uri, container: container.uri.container, host: container.host, account: container.account },
      options.signal,
    );
  }
  return { folder, files, close, [Symbol.asyncDispose]: close };
}

async function copyDown(
  container: BlobContainer,
  blobs: readonly BlobItem[],
  files: readonly InputFile[],
  options: InputOptions,
): Promise<void> {
  const bytesTotal = files.reduce((sum, file) => sum + file.size, 0);
  let bytesDone = 0;
  const ranges: { index: number; offset: number; length: number }[] = [];
  for (const [index, file] of files.entries()) {
    await mkdir(dirname(file.localPath), { recursive: true });
    await (await open(file.localPath, "w")).close();
    for (let offset = 0; offset < file.size; offset += BLOCK_BYTES)
      ranges.push({ index, offset, length: Math.min(BLOCK_BYTES, file.size - offset) });
  }
  await inParallel(ranges, async ({ index, offset, length }) => {
    const bytes = Buffer.allocUnsafe(length);
    await container.readRange(blobs[index]!, offset, bytes, options);
    const handle = await open(files[index]!.localPath, "r+");
    try {
      await handle.write(bytes, 0, length, offset);
    } finally {
      await handle.close();
    }
    bytesDone += length;
    options.onProgress?.({ files: files.length, bytesDone, bytesTotal });
  });
  options.signal?.throwIfAborted();
}

async function findBlobs(
  uri: string,
  options: InputOptions,
): Promise<{ container: BlobContainer; blobs: BlobItem[]; base: string }> {
  const place = parseStorageUri(uri);
  const container = await openContainer(place, options.credentials);
  const glob = place.path.search(/[*?[{]/);
  const base = glob < 0 ? folderPrefix(place.path) : place.path.slice(0, place.path.lastIndexOf("/", glob) + 1);
  if (glob < 0 && place.path !== "" && !place.path.endsWith("/")) {
    const single = await container.stat(place.path, options);
    if (single) return { container, blobs: [single], base: place.path.slice(0, place.path.lastIndexOf("/") + 1) };
  }
  const pattern = glob < 0 ? undefined : globPattern(place.path);
  const blobs: BlobItem[] = [];
  for await (const blob of container.list(base, options)) {
    if (isData(blob.name.slice(base.length)) && (pattern === undefined || pattern.test(blob.name))) blobs.push(blob);
  }
  if (blobs.length === 0)
    throw new SluiceError("NOT_FOUND", `There is no data at ${uri} in the storage account ${container.account}.`, {
      next: "Check the path.",
    });
  return { container, blobs, base };
}

/** Whether a relative name is data: no part of it is hidden, as Spark sees it. */
function isData(relative: string): boolean {
  return (
    relative !== "" &&
    relative.split("/").every((part) => !part.startsWith(".") && (!part.startsWith("_") || part.includes("=")))
  );
}

/** A pattern over whole names; what it matches may be a folder, whose content is meant then. */
function globPattern(path: string): RegExp {
  const parts = path
    .replace(/\/+$/, "")
    .replace(/\[!|[*?{},]|\[|\]|[.+^$()|\\]/g, (sign) => GLOB_SIGNS[sign] ?? `\\${sign}`);
  return new RegExp(`^${parts}(/|$)`);
}

const GLOB_SIGNS: Readonly<Record<string, string>> = {
  "*": "[^/]*",
  "?": "[^/]",
  "{": "(?:",
  "}": ")",
  ",": "|",
  "[": "[",
  "]": "]",
  "[!": "[^",
};

function localPathOf(folder: string, relative: string): string {
  // A blob may be named `../x` or `a//b`: nothing may leave the folder, and no two names may meet in one file.
  const safe = relative
    .split("/")
    .map((part) => (part === "" || part === "." || part === ".." ? `%${Buffer.from(part).toString("hex")}` : part));
  return join(folder, ...safe);
}
