// Row: one record of a result, with its columns as properties.
import type { StructType } from "./types/data-type.ts";
import { SparkError } from "./errors.ts";
import { pythonText } from "./values/python-text.ts";
import { inspectAs } from "./values/inspect.ts";

/**
 * The columns of a frame that TypeScript does not know. It is `any`, so that an untyped frame can take a typed one's place
 * (`df = df.withColumn(…)`) and its rows can be read without casts, as in PySpark.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- untyped by default; `.as<Row>()` types it
export type UntypedRow = any;

/**
 * One record of a result. Columns are properties, by name and by number; a name that occurs twice means the first.
 *
 * Values lose nothing on the way from the engine:
 *
 * | Spark | JavaScript |
 * |---|---|
 * | BOOLEAN | `boolean` |
 * | TINYINT, SMALLINT, INT, FLOAT, DOUBLE | `number` |
 * | BIGINT | `bigint` |
 * | DECIMAL | `Decimal`, which keeps its scale |
 * | STRING | `string` |
 * | BINARY | `Uint8Array` |
 * | DATE | `LocalDate`; `toDate()` gives midnight UTC |
 * | TIMESTAMP | `Timestamp` in microseconds; `toDate()` gives a `Date` to the millisecond |
 * | TIMESTAMP_NTZ | `LocalDateTime` |
 * | INTERVAL DAY TO SECOND, YEAR TO MONTH, INTERVAL | `DayTimeInterval`, `YearMonthInterval`, `CalendarInterval` |
 * | ARRAY, MAP, STRUCT | array, `Map`, `Row` |
 * | VOID, and null of any type | `null` |
 *
 * A column named as one of the methods (`get`, `asDict`, `toString`, `toJSON`, `toArray`) is read with `get(name)`.
 *
 * @example
 * ```ts
 * const row = await accounts.first();
 * row?.account_id; // by name
 * row?.[0]; // by position
 * String(row); // Row(account_id='6982391060', active_ind=1)
 * ```
 */
export class RowBase {
  /** @internal */
  readonly #schema: StructType;
  readonly #values: readonly unknown[];

  constructor(schema: StructType, values: readonly unknown[]) {
    this.#schema = schema;
    this.#values = values;
  }

  /** @internal The value at a position, for the property accessors. */
  static at(row: RowBase, index: number): unknown {
    return row.#values[index];
  }

  /**
   * The value of a column by name or position.
   *
   * @throws SparkError `KEY_NOT_EXISTS` when there is no such column
   * @example
   * ```ts
   * const row = await accounts.orderBy("account_id").first();
   * console.log(row?.get("country")); // Canada
   * ```
   */
  get(column: string | number): unknown {
    const index = typeof column === "number" ? column : this.#schema.fields.findIndex(({ name }) => name === column);
    if (index < 0 || index >= this.#schema.fields.length) {
      const names = this.#schema.fields.map(({ name }) => `\`${name}\``).join(", ");
      throw new SparkError("KEY_NOT_EXISTS", `Key \`${column}\` does not exist. The columns are ${names}.`);
    }
    return this.#values[index];
  }

  /**
   * The columns as a plain object; with `recursive`, nested rows too. Of columns with one name the last stays, as in PySpark.
   *
   * @example
   * ```ts
   * const row = await accounts.select("country").orderBy("account_id").first();
   * row?.asDict(); // {"country":"Canada"}
   * ```
   */
  asDict(recursive = false): Record<string, unknown> {
    const entries = this.#schema.fields.map(({ name }, index) => {
      const value = this.#values[index];
      return [name, recursive ? plain(value) : value] as const;
    });
    return Object.fromEntries(entries);
  }

  /**
   * The values in the order of the columns.
   *
   * @example
   * ```ts
   * const row = await accounts.select("country", "active_ind").orderBy("account_id").first();
   * row?.toArray(); // ["Canada", 1]
   * ```
   */
  toArray(): unknown[] {
    return [...this.#values];
  }

  *[Symbol.iterator](): Iterator<unknown> {
    yield* this.#values;
  }

  /** What `JSON.stringify` writes: BIGINT beyond safe whole numbers, DECIMAL, dates and intervals as text; bytes in base64. */
  toJSON(): Record<string, unknown> {
    const entries = this.#schema.fields.map(({ name }, index) => [name, jsonValue(this.#values[index])] as const);
    return Object.fromEntries(entries);
  }

  /**
   * The row as PySpark prints it: `Row(a=1, b='x')`.
   *
   * @example
   * ```ts
   * const row = await accounts.select("country", "active_ind").orderBy("account_id").first();
   * console.log(String(row)); // Row(country='Canada', active_ind=1)
   * ```
   */
  toString(): string {
    return pythonText(this, this.#schema);
  }

  [inspectAs](): string {
    return this.toString();
  }
}

/** A row whose columns have the types of `R`. */
export type Row<R = UntypedRow> = RowBase & (string extends keyof R ? Record<string, UntypedRow> : R);

/** Makes the rows of one schema. */
export function rowMaker(schema: StructType): (values: readonly unknown[]) => RowBase {
  class SchemaRow extends RowBase {
    constructor(values: readonly unknown[]) {
      super(schema, values);
    }
  }
  for (let index = schema.fields.length - 1; index >= 0; index -= 1) {
    const name = schema.fields[index]?.name ?? "";
    const accessor = { get: (): unknown => undefined, enumerable: true, configurable: true };
    accessor.get = function (this: RowBase) {
      return RowBase.at(this, index);
    };
    Object.defineProperty(SchemaRow.prototype, index, accessor);
    if (!(name in RowBase.prototype)) Object.defineProperty(SchemaRow.prototype, name, accessor);
  }
  return (values) => new SchemaRow(values);
}

function plain(value: unknown): unknown {
  if (value instanceof RowBase) return value.asDict(true);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [plain(key), plain(item)]));
  return value;
}

function jsonValue(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), jsonValue(item)]));
  if (Array.isArray(value)) return value.map(jsonValue);
  return value;
}
