import { createReadStream, createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type {
  BlobItem as SdkBlobItem,
  BlobDownloadResponseParsed,
  BlockBlobClient,
  ContainerClient,
} from "@azure/storage-blob";
import { openAccount } from "./credentials.ts";
import type { StorageCredentials } from "./credentials.ts";
import { storageError } from "./errors.ts";
import { folderPrefix, formatStorageUri, parseStorageUri } from "./uri.ts";
import type { StorageUri } from "./uri.ts";

/** One blob of a listing. */
export interface BlobItem {
  /** The full name inside the container. */
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
  readonly etag: string;
  readonly lastModified: Date;
}

/** Bytes moved so far, out of how many when that is known. */
export type ByteProgress = (done: number, total?: number) => void;

/** What every operation takes. */
export interface OperationOptions {
  readonly signal?: AbortSignal;
}

/** What transfers take. */
export interface TransferOptions extends OperationOptions {
  readonly onProgress?: ByteProgress;
}

/** The size of the blocks that files are cut into: eight in flight take 64 MiB of memory. */
export const BLOCK_BYTES = 8 * 1024 * 1024;
/** How many blocks are in flight at once. */
export const PARALLEL_BLOCKS = 8;
// A small request that takes longer than this counts as a service that is down.
const SMALL_REQUEST_MS = 15_000;

/**
 * A container of Azure storage: lists, reads, writes and deletes its blobs.
 *
 * Works over the Blob API for all three address forms, so that the local emulator serves `abfss:` as well.
 * Every failure is a {@link SluiceError}: `NOT_FOUND`, `PERMISSION_DENIED`, `AUTHENTICATION_FAILED`,
 * `SERVICE_UNAVAILABLE` (after at most about 15 seconds) or `INTERRUPTED`.
 *
 * @example
 * ```ts
 * const container = await openContainer("az://landing/accounts/");
 * for await (const blob of container.list("accounts/")) console.log(blob.name, blob.size);
 * ```
 */
export class BlobContainer {
  /** The address that it was opened by. */
  readonly uri: StorageUri;
  /** The name of the storage account. */
  readonly account: string;
  /** The host that answers for the account. */
  readonly host: string;
  readonly #client: ContainerClient;

  constructor(client: ContainerClient, uri: StorageUri, account: string, host: string) {
    this.#client = client;
    this.uri = uri;
    this.account = account;
    this.host = host;
  }

  /**
   * Makes the container, when it does not exist; says whether it was made.
   *
   * @example
   * ```ts
   * const container = await openContainer("az://archive/");
   * await container.create();
   * ```
   */
  async create(options: OperationOptions = {}): Promise<boolean> {
    const made = await this.#small("", options.signal, (abortSignal) =>
      this.#client.createIfNotExists({ abortSignal }),
    );
    return made.succeeded;
  }

  /**
   * Lists the blobs whose names start with `prefix`, in order of name; `recursive: false` stays in the one folder.
   *
   * @example
   * ```ts
   * const container = await openContainer("az://landing/");
   * for await (const blob of container.list("accounts/")) console.log(blob.name, blob.size);
   * ```
   */
  async *list(prefix = "", options: OperationOptions & { recursive?: boolean } = {}): AsyncIterable<BlobItem> {
    yield* this.#items(prefix, this.#pages(prefix, options.recursive ?? true, options.signal), options.signal);
  }

  /**
   * Whether a blob of exactly this name exists.
   *
   * @example
   * ```ts
   * const container = await openContainer("az://landing/");
   * console.log(await container.exists("no-such.csv")); // false
   * ```
   */
  async exists(name: string, options: OperationOptions = {}): Promise<boolean> {
    return (await this.stat(name, options)) !== undefined;
  }

  /**
   * A blob's size and etag, or undefined when there is none of this name. Fails when the container does not exist.
   *
   * @example
   * ```ts
   * const container = await openContainer("az://landing/");
   * const blob = await container.stat("accounts/part-0.csv");
   * console.log(blob?.size); // 35
   * ```
   */
  async stat(name: string, options: OperationOptions = {}): Promise<BlobItem | undefined> {
    // A listing and not a HEAD request: answers to HEAD have no body that tells a missing blob from a missing
    // container. Names are listed in order, so the exact one comes first.
    for await (const blob of this.#items(name, this.#pages(name, true, options.signal, 1), options.signal))
      return blob.name === name ? blob : undefined;
    return undefined;
  }

  /**
   * Reads a small blob as UTF-8 text.
   *
   * @example
   * ```ts
   * const container = await openContainer("az://landing/");
   * const text = await container.readText("accounts/part-0.csv");
   * console.log(text.split("\n")[0]); // account_id,active_ind
   * ```
   */
  async readText(name: string, options: OperationOptions = {}): Promise<string> {
    return this.#attempt(name, options.signal, async () => {
      const response = await this.#open(name, options);
      return text(response.readableStreamBody as Readable);
    });
  }

  /**
   * Opens a blob as a stream of bytes; errors while it flows are errors of the stream.
   *
   * @example
   * ```ts
   * const container = await openContainer("az://landing/");
   * const stream = await container.downloadStream("accounts/part-0.csv");
   * for await (const chunk of stream) console.log(String(chunk).length);
   * ```
   */
  async downloadStream(name: string, options: TransferOptions = {}): Promise<Readable> {
    const response = await this.#attempt(name, options.signal, () => this.#open(name, options));
    return response.readableStreamBody as Readable;
  }

  /**
   * Writes a blob into a local file, in one stream that resumes after a broken connection.
   *
   * @example
   * ```ts
   * const container = await openContainer("az://landing/");
   * await container.downloadFile("accounts/part-0.csv", "part-0.csv");
   * ```
   */
  async downloadFile(name: string, file: string, options: TransferOptions = {}): Promise<void> {
    await this.#attempt(name, options.signal, async () => {
      const response = await this.#open(name, options);
      await pipeline(response.readableStreamBody as Readable, createWriteStream(file), withPlainSignal(options.signal));
    });
  }

  /** Fills `target` with a range of a blob; fails when the blob is no longer the one with this etag. */
  async readRange(blob: BlobItem, offset: number, target: Buffer, options: OperationOptions = {}): Promise<void> {
    await this.#attempt(blob.name, options.signal, () =>
      this.#client.getBlobClient(blob.name).downloadToBuffer(target, offset, target.length, {
        ...withSignal(options.signal),
        blockSize: target.length,
        concurrency: 1,
        conditions: { ifMatch: blob.etag },
      }),
    );
  }

  /**
   * Uploads a local file as one blob, in parallel blocks; the blob appears when all of them are there.
   *
   * @example
   * ```ts
   * const container = await openContainer("az://processed/");
   * await writeFile("report.txt", "all well");
   * await container.uploadFile("report.txt", "reports/report.txt");
   * ```
   */
  async uploadFile(file: string, name: string, options: TransferOptions = {}): Promise<void> {
    const total = (await stat(file)).size;
    await this.uploadStream(createReadStream(file, { highWaterMark: 1024 * 1024 }), name, {
      ...options,
      ...(options.onProgress && { onProgress: (done) => options.onProgress?.(done, total) }),
    });
  }

  /** Uploads a stream as one blob, in parallel blocks; the blob appears when all of them are there. */
  async uploadStream(stream: Readable, name: string, options: TransferOptions = {}): Promise<void> {
    const { onProgress } = options;
    await this.#attempt(name, options.signal, () =>
      this.#client.getBlockBlobClient(name).uploadStream(stream, BLOCK_BYTES, PARALLEL_BLOCKS, {
        ...withSignal(options.signal),
        ...(onProgress && { onProgress: ({ loadedBytes }: { loadedBytes: number }) => onProgress(loadedBytes) }),
      }),
    ).finally(() => stream.destroy());
  }

  /**
   * Writes a small text as one blob, replacing what was there.
   *
   * @example
   * ```ts
   * const container = await openContainer("az://processed/");
   * await container.putText("notes/day.txt", "done");
   * ```
   */
  async putText(name: string, text: string, options: OperationOptions = {}): Promise<void> {
    const bytes = Buffer.from(text, "utf8");
    await this.#small(name, options.signal, (abortSignal) =>
      this.#client.getBlockBlobClient(name).upload(bytes, bytes.length, { abortSignal }),
    );
  }

  /**
   * Deletes a blob with its snapshots; says whether there was one.
   *
   * @example
   * ```ts
   * const container = await openContainer("az://processed/");
   * console.log(await container.delete("no-such.txt")); // false
   * ```
   */
  async delete(name: string, options: OperationOptions = {}): Promise<boolean> {
    const done = await this.#small(name, options.signal, (abortSignal) =>
      this.#client.getBlobClient(name).deleteIfExists({ deleteSnapshots: "include", abortSignal }),
    );
    return done.succeeded;
  }

  /**
   * Deletes all blobs in a folder and says how many there were. An empty path is the whole container.
   *
   * @example
   * ```ts
   * const container = await openContainer("az://processed/");
   * await container.deleteFolder("no-such-folder");
   * ```
   */
  async deleteFolder(path: string, options: OperationOptions = {}): Promise<number> {
    const names: string[] = [];
    for await (const blob of this.list(folderPrefix(path), options)) names.push(blob.name);
    await inParallel(names, async (name) => this.delete(name, options));
    return names.length;
  }

  /** Sends one block of a blob that does not show until {@link commitBlocks}. */
  async stageBlock(name: string, id: string, bytes: Buffer, options: OperationOptions = {}): Promise<void> {
    await this.#attempt(name, options.signal, () =>
      this.#block(name).stageBlock(id, bytes, bytes.length, withSignal(options.signal)),
    );
  }

  /** Makes a blob of blocks sent before, replacing what was there in one step. */
  async commitBlocks(name: string, ids: string[], options: OperationOptions = {}): Promise<void> {
    await this.#small(name, options.signal, (abortSignal) => this.#block(name).commitBlockList(ids, { abortSignal }));
  }

  #block(name: string): BlockBlobClient {
    return this.#client.getBlockBlobClient(name);
  }

  #open(name: string, options: TransferOptions): Promise<BlobDownloadResponseParsed> {
    const { onProgress } = options;
    return this.#client.getBlobClient(name).download(0, undefined, {
      ...withSignal(options.signal),
      maxRetryRequests: 4,
      ...(onProgress && { onProgress: ({ loadedBytes }: { loadedBytes: number }) => onProgress(loadedBytes) }),
    });
  }

  async *#items(prefix: string, pages: Pages, signal: AbortSignal | undefined): AsyncIterable<BlobItem> {
    for (;;) {
      const page = await this.#attempt(prefix, signal, () => pages.next());
      if (page.done === true) return;
      for (const blob of page.value) {
        // Accounts with directories list each one as an empty blob: it is no file.
        if (blob.metadata?.["hdi_isfolder"] === "true") continue;
        const { contentLength: size = 0, etag, lastModified } = blob.properties;
        yield { name: blob.name, size, etag, lastModified };
      }
    }
  }

  async *#pages(prefix: string, recursive: boolean, signal: AbortSignal | undefined, size = 5000): Pages {
    let continuationToken: string | undefined;
    do {
      const abortSignal = limited(signal);
      const options = { prefix, includeMetadata: true, abortSignal };
      const settings = { maxPageSize: size, ...(continuationToken !== undefined && { continuationToken }) };
      const pages = recursive
        ? this.#client.listBlobsFlat(options).byPage(settings)
        : this.#client.listBlobsByHierarchy("/", options).byPage(settings);
      const page = await pages.next();
      if (page.done === true) return;
      yield page.value.segment.blobItems;
      continuationToken = page.value.continuationToken || undefined;
    } while (continuationToken !== undefined);
  }

  #small<T>(name: string, signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#attempt(name, signal, () => work(limited(signal)));
  }

  async #attempt<T>(name: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const uri = formatStorageUri({ ...this.uri, path: name });
      throw storageError(error, { uri, container: this.uri.container, host: this.host, account: this.account }, signal);
    }
  }
}

/**
 * Opens the container that an address names, without asking the service anything yet.
 *
 * @param uri - an `az:`, `wasbs:` or `abfss:` address
 * @param credentials - what is left out comes from the environment or the secrets file
 * @throws SluiceError `USAGE` for another address, `SECRET_MISSING` or `DEPENDENCY_MISSING` without credentials
 * @example
 * ```ts
 * const container = await openContainer("az://landing/");
 * console.log(await container.exists("accounts/part-0.csv")); // true
 * ```
 */
export async function openContainer(
  uri: string | StorageUri,
  credentials: StorageCredentials = {},
): Promise<BlobContainer> {
  const place = typeof uri === "string" ? parseStorageUri(uri) : uri;
  const { service, account, host } = await openAccount(place, credentials);
  return new BlobContainer(service.getContainerClient(place.container), place, account, host);
}

/** Runs `work` on each item, a few at a time; the first failure is thrown once the running ones have ended. */
export async function inParallel<T>(
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
  limit = PARALLEL_BLOCKS,
): Promise<void> {
  let next = 0;
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    while (next < items.length && failures.length === 0) {
      try {
        await work(items[next++]!);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
}

type Pages = AsyncGenerator<SdkBlobItem[], void>;

function limited(signal: AbortSignal | undefined): AbortSignal {
  const limit = AbortSignal.timeout(SMALL_REQUEST_MS);
  return signal ? AbortSignal.any([signal, limit]) : limit;
}

function withSignal(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal ? { abortSignal: signal } : {};
}

function withPlainSignal(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}
