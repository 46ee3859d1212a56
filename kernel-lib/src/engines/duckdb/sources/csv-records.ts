// Cuts CSV text into records as Spark's parser does, oddities included: the exact way, for files that are not plain.
import type { CsvOptions } from "./csv-options.ts";

/** A record: its values (null for an empty one that is not quoted), and where the next one begins. */
export interface CsvRecord {
  readonly values: readonly (string | null)[];
  readonly raw: string;
  readonly next: number;
}

const isBlank = (char: string) => char <= " ";

/**
 * Reads records out of a text that may still grow.
 *
 * A quote inside a quoted value that neither is escaped nor ends the value makes the rest up to the next separator part
 * of the value, quotes included. White space behind a closing quote is dropped. A quoted value without an end takes all.
 */
export class CsvRecords {
  private readonly options: CsvOptions;
  /** What ends a record: given, or the first line ending of the file. */
  private separator: string | undefined;
  private text = "";
  private at = 0;
  private atEnd = false;

  constructor(options: CsvOptions) {
    this.options = options;
    this.separator = options.lineSeparator;
  }

  /** Adds text; nothing follows after `last`. */
  add(text: string, last: boolean): void {
    this.text = this.text.slice(this.at) + text;
    this.at = 0;
    this.atEnd = last;
  }

  /** The next record that is not blank, or undefined when more text is needed, or none is left. */
  next(): CsvRecord | undefined {
    for (;;) {
      if (this.at >= this.text.length) return undefined;
      const record = this.options.multiLine ? this.record(this.at) : this.line(this.at);
      if (record === undefined) return undefined;
      this.at = record.next;
      if (!this.isSkipped(record.raw)) return record;
    }
  }

  private isSkipped(raw: string): boolean {
    if (this.options.comment !== "" && raw.startsWith(this.options.comment)) return true;
    return this.options.multiLine ? raw === "" : raw.trim() === "";
  }

  /** Without multiLine each line is a text of its own, whatever its quotes say. */
  private line(start: number): CsvRecord | undefined {
    const end = this.lineEnd(start);
    if (end === undefined) return undefined;
    const raw = this.text.slice(start, end.at);
    const cut = new ValueCutter(raw, 0, this.options, undefined).record(true);
    return cut && { values: cut.values, raw, next: end.at + end.length };
  }

  private lineEnd(start: number): { at: number; length: number } | undefined {
    if (this.separator !== undefined) {
      const at = this.text.indexOf(this.separator, start);
      if (at >= 0) return { at, length: this.separator.length };
    } else {
      LINE_END.lastIndex = start;
      const found = LINE_END.exec(this.text);
      // A \r at the end of what is there may be half of \r\n.
      if (found && (this.atEnd || found[0] !== "\r" || found.index + 1 < this.text.length)) {
        return { at: found.index, length: found[0].length };
      }
    }
    return this.atEnd ? { at: this.text.length, length: 0 } : undefined;
  }

  private record(start: number): CsvRecord | undefined {
    this.separator ??= this.detectSeparator();
    if (this.separator === undefined && !this.atEnd) return undefined;
    const comment = this.options.comment !== "" && this.text.startsWith(this.options.comment, start);
    if (comment) {
      const end = this.text.indexOf(this.separator ?? "\n", start);
      if (end < 0 && !this.atEnd) return undefined;
      const at = end < 0 ? this.text.length : end;
      return { values: [], raw: this.text.slice(start, at), next: at + (this.separator ?? "\n").length };
    }
    const cut = new ValueCutter(this.text, start, this.options, this.separator ?? "\n").record(this.atEnd);
    if (!cut) return undefined;
    const raw = this.text.slice(start, cut.end).replace(/\r?\n$/, "");
    return { values: cut.values, raw, next: cut.next };
  }

  private detectSeparator(): string | undefined {
    const at = this.text.search(/[\r\n]/);
    if (at < 0 || (at + 1 >= this.text.length && !this.atEnd)) return undefined;
    const [first, second] = [this.text[at], this.text[at + 1]];
    return (first === "\r" && second === "\n") || (first === "\n" && second === "\r") ? `${first}${second}` : first;
  }
}

const LINE_END = /\r\n|\n|\r/g;

/** Cuts one record, from where it begins to its end. */
class ValueCutter {
  private readonly text: string;
  private readonly options: CsvOptions;
  private readonly recordEnd: string | undefined;
  private at: number;

  constructor(text: string, start: number, options: CsvOptions, recordEnd: string | undefined) {
    this.text = text;
    this.at = start;
    this.options = options;
    this.recordEnd = recordEnd;
  }

  /** Undefined when the text ends before the record, and more may come. */
  record(complete: boolean): { values: (string | null)[]; end: number; next: number } | undefined {
    const values: (string | null)[] = [];
    const { separator } = this.options;
    for (;;) {
      values.push(this.value());
      if (this.at >= this.text.length) {
        return complete ? { values, end: this.at, next: this.at } : undefined;
      }
      if (this.text.startsWith(separator, this.at)) this.at += separator.length;
      else {
        const length = this.recordEnd?.length ?? 0;
        // A record end of two characters may be cut in the middle; then the text had to go on.
        return { values, end: this.at, next: this.at + length };
      }
    }
  }

  private atDelimiter(at: number): boolean {
    if (at >= this.text.length || this.text.startsWith(this.options.separator, at)) return true;
    return this.recordEnd !== undefined && this.text.startsWith(this.recordEnd, at);
  }

  private value(): string | null {
    const { quote, trimLeading } = this.options;
    if (trimLeading) while (!this.atDelimiter(this.at) && isBlank(this.text[this.at] as string)) this.at++;
    if (quote !== "" && this.text[this.at] === quote) return this.quoted();
    return this.plain(this.at);
  }

  /** From `start` to the next delimiter after the present place. */
  private plain(start: number): string | null {
    while (!this.atDelimiter(this.at)) this.at++;
    const value = this.text.slice(start, this.at);
    const trimmed = this.options.trimTrailing ? value.replace(/[\0-\x20]+$/, "") : value;
    return trimmed === "" || trimmed === this.options.nullValue ? null : trimmed;
  }

  private quoted(): string | null {
    const { quote, escape, escapeEscape, nullValue, emptyValue } = this.options;
    this.at++;
    let value = "";
    for (;;) {
      if (this.at >= this.text.length) return this.finished(value);
      const char = this.text[this.at] as string;
      const following = this.text[this.at + 1];
      if (char === escape && escape !== quote && following === quote) {
        value += quote;
        this.at += 2;
      } else if (char === escape && escape !== quote && escapeEscape !== "" && following === escapeEscape) {
        value += escape;
        this.at += 2;
      } else if (char === quote) {
        if (escape === quote && following === quote) {
          value += quote;
          this.at += 2;
          continue;
        }
        this.at++;
        if (this.endsAfterBlanks())
          return value === "" ? (emptyValue === nullValue ? null : emptyValue) : this.finished(value);
        const rest = this.at;
        while (!this.atDelimiter(this.at)) this.at++;
        return this.finished(quote + value + quote + this.text.slice(rest, this.at));
      } else if (
        this.recordEnd !== undefined &&
        this.options.lineSeparator === undefined &&
        this.text.startsWith(this.recordEnd, this.at)
      ) {
        // The file's own line ending becomes \n inside quotes.
        value += "\n";
        this.at += this.recordEnd.length;
      } else {
        value += char;
        this.at++;
      }
    }
  }

  private finished(value: string): string | null {
    return value === this.options.nullValue ? null : value;
  }

  /** Moves over white space behind a closing quote when nothing else follows. */
  private endsAfterBlanks(): boolean {
    let at = this.at;
    while (!this.atDelimiter(at) && isBlank(this.text[at] as string)) at++;
    if (!this.atDelimiter(at)) return false;
    this.at = at;
    return true;
  }
}
