import { open, readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { SluiceError } from "../errors.ts";
import { BLOCK_BYTES, inParallel, openContainer } from "./container.ts";
import type { BlobContainer } from "./container.ts";
import type { InputOptions } from "./input.ts";
import { tempFolder } from "./temp-folder.ts";
import { folderPrefix, parseStorageUri } from "./uri.ts";

/** How to write an output. */
export interface OutputOptions extends InputOptions {
  /** `overwrite` replaces everything at the address; `append` adds to it. */
  readonly mode: "overwrite" | "append";
}

/** A local folder whose files become the blobs at an address when {@link StagedOutput.commit} is called. */
export interface StagedOutput extends AsyncDisposable {
  /** Write the finished files here. */
  readonly folder: string;
  /** Uploads the folder and makes it visible; says how many files and bytes there are. Without any file it still marks success. */
  commit(): Promise<{ files: number; bytes: number }>;
  /** Gives up: removes the local folder. Called after a commit it does nothing. */
  abort(): Promise<void>;
}

/**
 * Makes a local folder for the output of a job and uploads it when it is finished.
 *
 * Nothing shows at the address before all bytes are there: files go up as blocks that Azure does not list; then the
 * old `_SUCCESS` goes, the new blobs are committed, with `overwrite` the old ones are deleted, and a new `_SUCCESS`
 * comes last. A failure or a stop before the end removes the blobs that this commit made.
 *
 * @param uri - the target folder, `az:`, `wasbs:` or `abfss:`; the container must exist
 * @example
 * ```ts
 * await using output = await stageOutput("az://processed/events/", { mode: "overwrite" });
 * await writeFile(join(output.folder, "part-0.json"), '{"account_id":"6982391060"}\n');
 * await output.commit();
 * ```
 */
export async function stageOutput(uri: string, options: OutputOptions): Promise<StagedOutput> {
  const place = parseStorageUri(uri);
  const container = await openContainer(place, options.credentials);
  const prefix = folderPrefix(place.path);
  if (prefix === "" && options.mode === "overwrite") {
    throw new SluiceError("USAGE", `${uri} is a whole container, which is not overwritten.`, {
      next: "Name a folder in it.",
    });
  }
  // Asked for now, so that a missing container or a wrong key is known before the work and not after it.
  await container.exists(prefix + "_SUCCESS", options);
  const { path: folder, remove: abort } = await tempFolder("sluice-output-");
  const commit = async (): Promise<{ files: number; bytes: number }> => {
    try {
      return await uploadFolder(container, folder, prefix, options);
    } finally {
      await abort();
    }
  };
  return { folder, commit, abort, [Symbol.asyncDispose]: abort };
}

interface Upload {
  readonly file: string;
  readonly name: string;
  readonly size: number;
  readonly blocks: string[];
}

async function uploadFolder(
  container: BlobContainer,
  folder: string,
  prefix: string,
  options: OutputOptions,
): Promise<{ files: number; bytes: number }> {
  const uploads = await filesOf(folder, prefix);
  const bytes = uploads.reduce((sum, upload) => sum + upload.size, 0);
  await stageBlocks(container, uploads, bytes, options);

  const old = new Set<string>();
  for await (const blob of container.list(prefix, options)) old.add(blob.name);
  const success = prefix + "_SUCCESS";
  const committed: string[] = [];
  try {
    if (old.delete(success)) await container.delete(success, options);
    await inParallel(uploads, async ({ name, blocks }) => {
      options.signal?.throwIfAborted();
      // Noted before the request: when its answer is lost, the blob may be there.
      if (!old.has(name)) committed.push(name);
      await container.commitBlocks(name, blocks, options);
    });
    if (options.mode === "overwrite") {
      const written = new Set(uploads.map((upload) => upload.name));
      await inParallel(
        [...old].filter((name) => !written.has(name)),
        (name) => container.delete(name, options),
      );
    }
    await container.putText(success, "", options);
  } catch (error) {
    // Clean-up must not hide the error that brought us here, nor stop because the job was stopped.
    await inParallel(committed, (name) => container.delete(name)).catch(() => undefined);
    throw error;
  }
  return { files: uploads.length, bytes };
}

async function stageBlocks(
  container: BlobContainer,
  uploads: readonly Upload[],
  bytesTotal: number,
  options: OutputOptions,
): Promise<void> {
  let bytesDone = 0;
  const blocks = uploads.flatMap((upload) =>
    upload.blocks.map((id, index) => ({ upload, id, offset: index * BLOCK_BYTES })),
  );
  await inParallel(blocks, async ({ upload, id, offset }) => {
    const bytes = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, upload.size - offset));
    const handle = await open(upload.file, "r");
    try {
      await handle.read(bytes, 0, bytes.length, offset);
    } finally {
      await handle.close();
    }
    await container.stageBlock(upload.name, id, bytes, options);
    bytesDone += bytes.length;
    options.onProgress?.({ files: uploads.length, bytesDone, bytesTotal });
  });
}

async function filesOf(folder: string, prefix: string): Promise<Upload[]> {
  const uploads: Upload[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name === "_SUCCESS") continue;
    const file = join(entry.parentPath, entry.name);
    const { size } = await stat(file);
    // Ids of one blob must all have one length. The run's own part keeps two runs' blocks of one name apart.
    const run = Buffer.from(folder.slice(-6)).toString("hex");
    const blocks = Array.from({ length: Math.ceil(size / BLOCK_BYTES) }, (_, index) =>
      Buffer.from(`${run}-${String(index).padStart(6, "0")}`).toString("base64"),
    );
    uploads.push({ file, name: prefix + relative(folder, file).split(sep).join("/"), size, blocks });
  }
  return uploads.sort((a, b) => (a.name < b.name ? -1 : 1));
}
