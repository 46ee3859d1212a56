// What to do with missing values.
import type { DataFrame } from "./dataframe.ts";
import type { UntypedRow } from "./row.ts";
import { SparkError } from "./errors.ts";
import { doubleLiteral, literalOf } from "./plan/literals.ts";
import { relation } from "./plan/relations.ts";

/** A value that can fill a null or replace another. */
export type Filler = boolean | number | bigint | string;

const columnsOf = (subset: string | readonly string[] | undefined): string[] =>
  subset === undefined ? [] : typeof subset === "string" ? [subset] : [...subset];

/**
 * What `df.na` offers.
 *
 * @example
 * ```ts
 * accounts.na.fill({ balance: 0 });
 * ```
 */
export class DataFrameNaFunctions<R extends object = UntypedRow> {
  readonly #frame: DataFrame<R>;

  constructor(frame: DataFrame<R>) {
    this.#frame = frame;
  }

  /**
   * Nulls replaced by a value, in columns of the value's kind (numbers in numeric columns, text in STRING, …).
   *
   * @param value - the value, or one for each column: `{ age: 0, name: "unknown" }`
   * @param subset - only these columns
   * @example
   * ```ts
   * accounts.na.fill(0, ["balance"]);
   * ```
   */
  fill(value: Filler | Readonly<Record<string, Filler>>, subset?: string | readonly string[]): DataFrame<R> {
    const byColumn = typeof value === "object" ? Object.entries(value) : undefined;
    if (byColumn?.length === 0) throw new SparkError("CANNOT_BE_EMPTY", "At least one value must be specified.");
    const cols = byColumn ? byColumn.map(([name]) => name) : columnsOf(subset);
    const values = byColumn ? byColumn.map(([, filler]) => filler) : [value as Filler];
    return this.#frame.derive<R>(
      relation({
        case: "fillNa",
        value: { input: this.#frame.plan, cols, values: values.map((filler) => literalOf(wide(filler)).literal) },
      }),
    );
  }

  /**
   * The rows without nulls.
   *
   * @param how - leave out rows with `any` null or only those with nothing else (`all`)
   * @param thresh - keep rows with at least this many values, whatever `how` says
   * @param subset - look only at these columns
   * @example
   * ```ts
   * accounts.na.drop("any", undefined, ["balance"]);
   * ```
   */
  drop(how: "any" | "all" = "any", thresh?: number, subset?: string | readonly string[]): DataFrame<R> {
    const minimum = thresh ?? (how === "all" ? 1 : undefined);
    const cols = columnsOf(subset);
    const value = { input: this.#frame.plan, cols, ...(minimum === undefined ? {} : { minNonNulls: minimum }) };
    return this.#frame.derive<R>(relation({ case: "dropNa", value }), this.#frame.knownSchema);
  }

  /**
   * Values replaced by others of the same kind: all text, all numbers or all booleans; null is allowed as the new value.
   *
   * @param toReplace - the value, several, or a Map from old to new
   * @param value - the new value, or one for each old one
   * @param subset - only these columns
   * @example
   * ```ts
   * accounts.na.replace("Canada", "CA", ["country"]);
   * ```
   */
  replace(
    toReplace: Filler | readonly Filler[] | ReadonlyMap<Filler, Filler | null>,
    value?: Filler | null | readonly (Filler | null)[],
    subset?: string | readonly string[],
  ): DataFrame<R> {
    const pairs = replacementPairs(toReplace, value);
    const replacements = pairs.map(([old, next]) => ({
      oldValue: replacement(old),
      newValue: replacement(next),
    }));
    return this.#frame.derive<R>(
      relation({ case: "replace", value: { input: this.#frame.plan, cols: columnsOf(subset), replacements } }),
    );
  }
}

type Pair = readonly [Filler, Filler | null];

function replacementPairs(toReplace: unknown, value: unknown): Pair[] {
  let pairs: Pair[];
  if (toReplace instanceof Map) {
    pairs = [...(toReplace as ReadonlyMap<Filler, Filler | null>)];
  } else {
    const olds = (Array.isArray(toReplace) ? toReplace : [toReplace]) as Filler[];
    const news = (Array.isArray(value) ? value : olds.map(() => value ?? null)) as (Filler | null)[];
    if (olds.length !== news.length) {
      throw new SparkError(
        "LENGTH_SHOULD_BE_THE_SAME",
        `to_replace and value should be of the same length, got ${olds.length} and ${news.length}.`,
      );
    }
    pairs = olds.map((old, index) => [old, news[index] ?? null]);
  }
  const kinds = new Set(
    pairs
      .flat()
      .filter((item) => item !== null)
      .map((item) => (typeof item === "bigint" ? "number" : typeof item)),
  );
  if (kinds.size > 1) throw new SparkError("MIXED_TYPE_REPLACEMENT", "Mixed type replacements are not supported.");
  return pairs;
}

/** Whole numbers as BIGINT, as Spark takes them for filling. */
function wide(value: Filler): Filler {
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
}

/** Numbers as DOUBLE, as Spark takes them for replacing. */
function replacement(value: Filler | null) {
  return typeof value === "number" || typeof value === "bigint"
    ? doubleLiteral(Number(value))
    : literalOf(value).literal;
}
