// Whether DuckDB reads the lines of a text file as they are.
import { openBytes } from "./text-file.ts";

/** Plain are lines that all end in \n or all in \r\n, none empty, without the bytes 0 to 2, and without a BOM. */
export async function checkLines(path: string, signal: AbortSignal): Promise<{ plain: boolean; longest: number }> {
  let length = 0;
  let longest = 0;
  let carriageReturn = false;
  let usesCrLf: boolean | undefined;
  let first = true;
  const notPlain = { plain: false, longest: 0 };
  for await (const bytes of openBytes(path, signal)) {
    if (first && bytes[0] === 0xef) return notPlain;
    first = false;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      if (byte > 0x0d) {
        if (carriageReturn) return notPlain;
        length++;
      } else if (byte === 0x0a) {
        usesCrLf ??= carriageReturn;
        if (length === 0 || usesCrLf !== carriageReturn) return notPlain;
        longest = Math.max(longest, length);
        length = 0;
        carriageReturn = false;
      } else if (byte === 0x0d) {
        if (carriageReturn) return notPlain;
        carriageReturn = true;
      } else {
        if (carriageReturn || byte <= 2) return notPlain;
        length++;
      }
    }
  }
  return carriageReturn ? notPlain : { plain: true, longest: Math.max(longest, length) };
}
