/** One record of a CSV file. */
export interface CsvRecord {
  /** The number of the line it starts on, from 1. */
  readonly line: number;
  /** Its text as it stands in the file, without the line end. */
  readonly raw: string;
  /** Its values; null where a field is empty. */
  readonly values: readonly (string | null)[];
}

/**
 * Reads the records of an RFC 4180 CSV file one by one, in memory that does not grow with the file.
 *
 * The engine reads the data; this reader serves headers, and finds the lines of rejected rows.
 *
 * @param chunks - the file's text in pieces of any size
 */
export async function* csvRecords(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<CsvRecord, void> {
  let rest = "";
  let line = 1;
  let first = true;
  for await (const chunk of chunks) {
    rest += first && chunk.startsWith("\uFEFF") ? chunk.slice(1) : chunk;
    first = false;
    let start = 0;
    for (;;) {
      const end = endOfRecord(rest, start);
      if (end < 0) break;
      const raw = rest.slice(start, rest[end - 1] === "\r" ? end - 1 : end);
      if (raw !== "") yield { line, raw, values: splitRecord(raw) };
      line += newlines(rest, start, end + 1);
      start = end + 1;
    }
    rest = rest.slice(start);
  }
  // Line ends are still there when a quote was never closed.
  const raw = rest.replace(/[\r\n]+$/, "");
  if (raw !== "") yield { line, raw, values: splitRecord(raw) };
}

/** The place of the line feed that ends the record, or -1 when it is not there yet. */
function endOfRecord(text: string, start: number): number {
  let at = start;
  for (;;) {
    const feed = text.indexOf("\n", at);
    if (feed < 0) return -1;
    const quote = text.indexOf('"', at);
    if (quote < 0 || quote > feed) return feed;
    // A doubled quote closes and opens again at once, so pairing quotes is enough.
    const close = text.indexOf('"', quote + 1);
    if (close < 0) return -1;
    at = close + 1;
  }
}

function newlines(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", start); at >= 0 && at < end; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function splitRecord(raw: string): (string | null)[] {
  const values: (string | null)[] = [];
  for (let at = 0; at <= raw.length;) {
    if (raw[at] !== '"') {
      const comma = raw.indexOf(",", at);
      const end = comma < 0 ? raw.length : comma;
      values.push(end === at ? null : raw.slice(at, end));
      at = end + 1;
      continue;
    }
    let value = "";
    let from = at + 1;
    for (;;) {
      const quote = raw.indexOf('"', from);
      const end = quote < 0 ? raw.length : quote;
      value += raw.slice(from, end);
      from = end + 1;
      if (raw[from] !== '"') break;
      value += '"';
      from++;
    }
    const comma = raw.indexOf(",", from);
    const end = comma < 0 ? raw.length : comma;
    value += raw.slice(from, end);
    values.push(value === "" ? null : value);
    at = end + 1;
  }
  return values;
}
