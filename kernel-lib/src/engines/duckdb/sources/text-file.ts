// Files of text as bytes and as text, packed or not.
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

import { SluiceError, messageOf } from "../../../errors.ts";
import { unsupported } from "../../../sql/errors.ts";
import { canceled } from "../errors.ts";

const PIECE = 1 << 20;
const PACKED_OTHERWISE = /\.(bz2|deflate|snappy|lz4|zst|zstd|xz)$/i;

/** The bytes of a file in pieces, unpacked by the name's ending. */
export async function* openBytes(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const packed = PACKED_OTHERWISE.exec(path)?.[1];
  if (packed !== undefined)
    throw unsupported(`Reading text packed as .${packed}`, "Pack it as .gz, or unpack it first.");
  const file = createReadStream(path, { highWaterMark: PIECE });
  let stream: Readable = file;
  if (/\.gz$/i.test(path)) stream = file.pipe(createGunzip());
  if (stream !== file) file.on("error", (error) => stream.destroy(error));
  try {
    for await (const piece of stream) {
      if (signal?.aborted) throw canceled();
      yield piece as Uint8Array;
    }
  } catch (thrown) {
    if (thrown instanceof SluiceError) throw thrown;
    const sentence = `The file ${path} cannot be read (${messageOf(thrown)}).`;
    throw new SluiceError("INPUT_INVALID", sentence, { cause: thrown });
  } finally {
    file.destroy();
  }
}

/** The text of a file in pieces, without a byte order mark; `last` is true for the last one only. */
export async function* openText(
  path: string,
  encoding: string,
  signal?: AbortSignal,
): AsyncGenerator<{ text: string; last: boolean }> {
  const decoder = new TextDecoder(encoding);
  for await (const bytes of openBytes(path, signal))
    yield { text: decoder.decode(bytes, { stream: true }), last: false };
  yield { text: decoder.decode(), last: true };
}
