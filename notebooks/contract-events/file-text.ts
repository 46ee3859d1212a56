import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { TextDecoder } from "node:util";
import { createGunzip } from "node:zlib";
import { messageOf, SluiceError } from "sluice/errors";
import { csvRecords } from "./csv-records.ts";
import type { CsvRecord } from "./csv-records.ts";
import type { DataFile } from "./data-files.ts";

/** Reads the records of a file, for what the engine does not tell: its header, and the lines of rejected rows. */
export function recordsOf(file: DataFile): AsyncGenerator<CsvRecord, void> {
  return csvRecords(textOf(file));
}

/** Reads a file's text in pieces; one that cannot be read is an `INPUT_INVALID` that names it. */
export async function* textOf(file: DataFile): AsyncGenerator<string, void> {
  const packed = /\.(bz2|deflate|snappy|lz4|zst|zstd|xz|zip)$/i.exec(file.path)?.[1];
  if (packed !== undefined) throw packedOtherwise(file, `as .${packed}`);
  const decoder = strictDecoder();
  try {
    for await (const chunk of bytesOf(file) as AsyncIterable<Buffer>) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    throw await unreadable(file, error);
  }
}

/** The bytes of a file, unpacked where its name ends in `.gz`: as Spark and the engine do. */
function bytesOf(file: DataFile): Readable {
  const bytes = createReadStream(file.path, { highWaterMark: 1 << 20 });
  if (!isGzip(file)) return bytes;
  const plain = bytes.pipe(createGunzip({ chunkSize: 1 << 20 }));
  bytes.on("error", (error) => plain.destroy(error));
  plain.on("close", () => bytes.destroy());
  return plain;
}

const isGzip = (file: DataFile): boolean => /\.gz$/i.test(file.path);
const strictDecoder = (): TextDecoder => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

async function unreadable(file: DataFile, error: unknown): Promise<SluiceError> {
  const code = String((error as NodeJS.ErrnoException).code ?? "");
  const because = { cause: error };
  if (/^Z_/.test(code)) {
    const next = "Send it again whole, or name it without .gz when it is not packed.";
    return new SluiceError("INPUT_INVALID", `The file ${file.name} is no whole gzip file.`, { next, ...because });
  }
  if (code !== "ERR_ENCODING_INVALID_ENCODED_DATA")
    return new SluiceError(
      "INPUT_INVALID",
      `The file ${file.name} cannot be read: ${code || messageOf(error)}.`,
      because,
    );
  if (await startsAsGzip(file)) return packedOtherwise(file, "by gzip, and its name does not say so");
  return new SluiceError(
    "INPUT_INVALID",
    `The file ${file.name} is not UTF-8 in line ${await lineOfWrongBytes(file)}.`,
    because,
  );
}

function packedOtherwise(file: DataFile, how: string): SluiceError {
  return new SluiceError("INPUT_INVALID", `The file ${file.name} is packed ${how}.`, {
    next: "Unpack it, or pack it by gzip with a name that ends in .gz.",
  });
}

async function startsAsGzip(file: DataFile): Promise<boolean> {
  if (isGzip(file)) return false;
  for await (const start of createReadStream(file.path, { end: 1 }) as AsyncIterable<Buffer>)
    return start[0] === 0x1f && start[1] === 0x8b;
  return false;
}

async function lineOfWrongBytes(file: DataFile): Promise<number> {
  // In Latin-1 every byte is a character, so that lines can be cut before they are decoded.
  const lines = createInterface({ input: bytesOf(file).setEncoding("latin1"), crlfDelay: Infinity });
  let number = 0;
  for await (const line of lines) {
    number++;
    try {
      strictDecoder().decode(Buffer.from(line, "latin1"));
    } catch {
      break;
    }
  }
  return number;
}

/**
 * Reads all files to their ends, to find the one that an engine could not read.
 *
 * @throws SluiceError `INPUT_INVALID` naming the file, and the line when it is not UTF-8
 */
export async function checkReadable(files: Iterable<DataFile>): Promise<void> {
  for (const file of files) {
    const text = textOf(file);
    while (!(await text.next()).done);
  }
}
