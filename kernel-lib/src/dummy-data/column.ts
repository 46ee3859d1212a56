import { SluiceError } from "../errors.ts";
import type { ByteSink } from "./byte-sink.ts";
import { Words } from "./byte-sink.ts";
import { Draw, weighted } from "./random.ts";

/** Appends a row's value to the sink; false means null, with nothing appended. */
export type CellWriter = (sink: ByteSink, row: number) => boolean;

/** How to make one column of dummy data. Made by functions such as {@link personName}, used in {@link table}. */
export interface Column {
  /** The most bytes that one value takes. */
  readonly maxBytes: number;
  /** The Spark type the values are texts of, such as `STRING` or `DATE`. */
  readonly type: string;
  /** Makes the writer of the column for a seed; columns with the same key and seed have the same values. */
  bind(seed: number, key: string): CellWriter;
}

/** A column whose values are appended by a function that draws the row's numbers. */
export function drawn(maxBytes: number, write: (sink: ByteSink, draw: Draw) => void, type = "STRING"): Column {
  return {
    maxBytes,
    type,
    bind(seed, key) {
      const draw = new Draw(seed, key);
      return (sink, row) => {
        write(sink, draw.at(row));
        return true;
      };
    },
  };
}

/**
 * The same text in every row.
 *
 * @example
 * ```ts
 * const [row] = table({ rows: 1, seed: 42, columns: { source: constant("landing") } }).rows();
 * console.log(row?.source); // landing
 * ```
 */
export function constant(text: string, type = "STRING"): Column {
  const words = new Words([text]);
  return drawn(words.longest, (sink) => words.write(sink, 0), type);
}

/**
 * One of the given texts, each as likely as the others or as its weight says.
 *
 * @param weights - as many as values, not negative; only their ratios count
 * @example
 * ```ts
 * pick(["0", "1"], [1, 8]); // "0" in one row of nine
 * ```
 */
export function pick(values: readonly string[], weights?: readonly number[], type = "STRING"): Column {
  if (values.length === 0) throw new SluiceError("USAGE", "pick needs at least one value.");
  const words = new Words(values);
  if (weights === undefined)
    return drawn(words.longest, (sink, draw) => words.write(sink, draw.below(words.count)), type);
  checkWeights(values.length, weights);
  const choose = weighted(weights);
  return drawn(words.longest, (sink, draw) => words.write(sink, choose(draw)), type);
}

/**
 * The text that a function chooses for each row, as an index into `values`.
 *
 * @example
 * ```ts
 * const codes = table({ rows: 3, seed: 42, columns: { code: lookup(["a", "b"], (row) => row % 2) } });
 * console.log([...codes.rows()].map(({ code }) => code).join()); // a,b,a
 * ```
 */
export function lookup(values: readonly string[], indexOf: (row: number) => number): Column {
  const words = new Words(values);
  const write: CellWriter = (sink, row) => {
    words.write(sink, indexOf(row));
    return true;
  };
  return { maxBytes: words.longest, type: "STRING", bind: () => write };
}

/**
 * A column with nulls in it: `nullable(0.6, personName())` is null in about six rows of ten.
 *
 * @example
 * ```ts
 * const rows = table({ rows: 2, seed: 42, columns: { value: nullable(0.1, pattern("??##")) } }).rows();
 * ```
 */
export function nullable(probability: number, column: Column): Column {
  if (!(probability >= 0 && probability <= 1))
    throw new SluiceError("USAGE", `nullable takes a probability from 0 to 1, not ${probability}.`);
  return {
    maxBytes: column.maxBytes,
    type: column.type,
    bind(seed, key) {
      const draw = new Draw(seed, `${key}?`);
      const write = column.bind(seed, key);
      return (sink, row) => draw.at(row).fraction() >= probability && write(sink, row);
    },
  };
}

/**
 * One of several columns for each row, such as a person's or a company's name.
 *
 * @example
 * ```ts
 * const rows = table({ rows: 2, seed: 42, columns: { value: oneOf([personName(), companyName()], [9, 1]) } }).rows();
 * ```
 */
export function oneOf(columns: readonly Column[], weights?: readonly number[]): Column {
  if (columns.length === 0) throw new SluiceError("USAGE", "oneOf needs at least one column.");
  checkWeights(columns.length, weights ?? columns.map(() => 1));
  const choose = weighted(weights ?? columns.map(() => 1));
  return {
    maxBytes: Math.max(...columns.map((column) => column.maxBytes)),
    type: columns[0]!.type,
    bind(seed, key) {
      const draw = new Draw(seed, `${key}|`);
      const writers = columns.map((column, index) => column.bind(seed, `${key}|${index}`));
      return (sink, row) => writers[choose(draw.at(row))]!(sink, row);
    },
  };
}

/**
 * Several columns' texts one after the other; null when one of them is null.
 *
 * @example
 * ```ts
 * const [row] = table({ rows: 1, seed: 42, columns: { code: concat(constant("A-"), constant("1")) } }).rows();
 * console.log(row?.code); // A-1
 * ```
 */
export function concat(...columns: readonly Column[]): Column {
  return {
    maxBytes: columns.reduce((sum, column) => sum + column.maxBytes, 0),
    type: "STRING",
    bind(seed, key) {
      const writers = columns.map((column, index) => column.bind(seed, `${key}+${index}`));
      return (sink, row) => {
        const start = sink.length;
        for (const write of writers) {
          if (!write(sink, row)) {
            sink.length = start;
            return false;
          }
        }
        return true;
      };
    },
  };
}

/**
 * The value that a column of this key has in another row, so that tables can refer to each other.
 *
 * @param key - the key of the referred column: `table.column`, as {@link table} makes it from its name
 * @param rowOf - the other table's row for each row of this one
 * @example
 * ```ts
 * // each party belongs to one of 1,000 accounts
 * reference("accounts.account_id", uniqueDigits(10), indexBelow(seed, "party", 1000));
 * ```
 */
export function reference(key: string, column: Column, rowOf: (row: number) => number): Column {
  return {
    maxBytes: column.maxBytes,
    type: column.type,
    bind(seed) {
      const write = column.bind(seed, key);
      return (sink, row) => write(sink, rowOf(row));
    },
  };
}

function checkWeights(count: number, weights: readonly number[]): void {
  const valid =
    weights.length === count && weights.every((weight) => weight >= 0) && weights.some((weight) => weight > 0);
  if (!valid)
    throw new SluiceError("USAGE", `${count} values need ${count} weights that are not negative and not all 0.`);
}
