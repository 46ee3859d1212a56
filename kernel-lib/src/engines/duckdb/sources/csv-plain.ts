// Whether a CSV file is plain: read the same by DuckDB's parallel reader and by Spark, with no bad row in it.
import { stat } from "node:fs/promises";

import type { CsvOptions } from "./csv-options.ts";
import { openBytes } from "./text-file.ts";

/** What a look at every byte has told. */
export interface Plainness {
  readonly plain: boolean;
  /** The longest record, in bytes; DuckDB must be told when it is large. */
  readonly longest: number;
}

const NOT_PLAIN: Plainness = { plain: false, longest: 0 };

/** Answers of this process by file, size, time of change and options: the same files are often read several times. */
const known = new Map<string, Plainness>();
const KNOWN_AT_MOST = 2000;

/** Whether options allow plain files at all. */
export function mayBePlain(options: CsvOptions, columns: number): boolean {
  return (
    columns > 1 &&
    options.separator.length === 1 &&
    options.separator.charCodeAt(0) < 128 &&
    options.quote === '"' &&
    (options.escape === '"' || options.escape === "\\") &&
    options.comment === "" &&
    options.nullValue === "" &&
    options.emptyValue === "" &&
    !options.trimLeading &&
    !options.trimTrailing &&
    options.lineSeparator === undefined &&
    options.encoding === "utf-8"
  );
}

/** Looks at a file once. The options must allow plain files (see {@link mayBePlain}). */
export async function checkPlain(
  path: string,
  options: CsvOptions,
  columns: number,
  signal: AbortSignal,
): Promise<Plainness> {
  const { size, mtimeMs } = await stat(path);
  const key = [path, size, mtimeMs, columns, options.separator, options.escape, options.multiLine].join("\0");
  const before = known.get(key);
  if (before) return before;
  const check = new PlainCheck(options, columns);
  let answer: Plainness | undefined;
  for await (const bytes of openBytes(path, signal)) {
    if (!check.look(bytes)) {
      answer = NOT_PLAIN;
      break;
    }
  }
  answer ??= check.finish();
  if (known.size >= KNOWN_AT_MOST) known.clear();
  known.set(key, answer);
  return answer;
}

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
const BACKSLASH = 0x5c;

const FIELD_START = 0;
const UNQUOTED = 1;
const QUOTED = 2;
const AFTER_QUOTE = 3;

/**
 * A state machine over bytes. UTF-8 needs no decoding: no byte of a longer character is below 128.
 *
 * Not plain are: another number of values than columns, quotes that are not RFC 4180's, a backslash where it escapes,
 * mixed or single \r line ends, line ends inside quotes where lines are records or would be changed, zero bytes.
 */
class PlainCheck {
  private readonly separator: number;
  private readonly columns: number;
  private readonly backslashEscapes: boolean;
  private readonly multiLine: boolean;
  private state = FIELD_START;
  private values = 1;
  private recordBytes = 0;
  private longest = 0;
  private carriageReturn = false;
  /** Undefined until the first line end is seen. */
  private usesCrLf: boolean | undefined;
  private quotedCr = false;

  constructor(options: CsvOptions, columns: number) {
    this.separator = options.separator.charCodeAt(0);
    this.columns = columns;
    this.backslashEscapes = options.escape === "\\";
    this.multiLine = options.multiLine;
  }

  /** False when the file is not plain. */
  look(bytes: Uint8Array): boolean {
    const { separator, backslashEscapes } = this;
    let { state, values, recordBytes } = this;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      recordBytes++;
      // Most bytes are none of the signs, and nothing changes inside a value.
      if (byte > BACKSLASH || (byte > 0x2c && byte < BACKSLASH && byte !== separator)) {
        if (state === QUOTED) continue;
        if (this.carriageReturn) return false;
        if (byte === separator) {
          values++;
          state = FIELD_START;
        } else if (state === AFTER_QUOTE) return false;
        else state = UNQUOTED;
        continue;
      }
      if (this.carriageReturn && byte !== LF) return false;
      if (state === QUOTED) {
        if (byte === QUOTE) state = AFTER_QUOTE;
        else if (byte === LF || byte === CR) {
          if (!this.multiLine) return false;
          if (byte === CR) this.quotedCr = true;
        } else if (byte === 0 || (byte === BACKSLASH && backslashEscapes)) return false;
        continue;
      }
      if (byte === separator) {
        values++;
        state = FIELD_START;
      } else if (byte === LF) {
        const crLf: boolean = this.carriageReturn;
        this.carriageReturn = false;
        this.usesCrLf ??= crLf;
        if (crLf !== this.usesCrLf) return false;
        const blank = values === 1 && state === FIELD_START;
        // DuckDB would take a blank line at the start for the header.
        if (blank ? this.longest === 0 : values !== this.columns) return false;
        if (recordBytes > this.longest) this.longest = recordBytes;
        state = FIELD_START;
        values = 1;
        recordBytes = 0;
      } else if (byte === CR) this.carriageReturn = true;
      else if (byte === QUOTE) {
        if (state === FIELD_START) state = QUOTED;
        else if (state === AFTER_QUOTE && !backslashEscapes) state = QUOTED;
        else return false;
      } else {
        if (byte === 0 || state === AFTER_QUOTE || (byte === BACKSLASH && backslashEscapes)) return false;
        if (state === FIELD_START) state = UNQUOTED;
      }
    }
    this.state = state;
    this.values = values;
    this.recordBytes = recordBytes;
    return true;
  }

  finish(): Plainness {
    if (this.state === QUOTED || this.carriageReturn) return NOT_PLAIN;
    // In a file of \r\n Spark turns those inside quotes into \n; DuckDB keeps them.
    if (this.quotedCr && this.usesCrLf !== false) return NOT_PLAIN;
    const blank = this.values === 1 && this.state === FIELD_START;
    if (!blank && this.values !== this.columns) return NOT_PLAIN;
    return { plain: true, longest: Math.max(this.longest, this.recordBytes) };
  }
}
