// Column: one expression over the columns of a frame.
import type { Expression } from "../generated/spark/connect/expressions_pb.ts";
import type { DataType } from "./types/data-type.ts";
import type { WindowSpec } from "./window.ts";
import { SluiceError } from "../errors.ts";
import { SparkError } from "./errors.ts";
import { describe } from "./plan/describe.ts";
import * as plan from "./plan/expressions.ts";
import { inspectAs } from "./values/inspect.ts";

/** A column, or the name of one. */
export type ColumnOrName = Column | string;

/** The expression of a column, or of a JavaScript value as a literal. */
export function expressionOf(value: unknown): Expression {
  return value instanceof Column ? value.expression : plan.literal(value);
}

/**
 * The column itself, or the column of that name.
 *
 * @throws SparkError `NOT_COLUMN_OR_STR`, which plain JavaScript and lost types can meet
 */
export function toColumn(column: ColumnOrName): Column {
  return columnFor(column);
}

/**
 * As {@link toColumn}, for a method that says more of what it takes.
 *
 * @param takes - what the method takes, as a sentence
 * @throws SparkError `NOT_COLUMN_OR_STR`
 */
export function columnFor(column: ColumnOrName, takes?: string): Column {
  if (column instanceof Column) return column;
  if (typeof column === "string") return new Column(plan.attribute(column));
  throw notColumnOrStr(column, takes);
}

/** What PySpark says of an argument that is neither a Column nor a text. */
export function notColumnOrStr(argument: unknown, takes?: string): SparkError {
  const got = argument === null || argument === undefined ? String(argument) : typeof argument;
  const sentence = `A column or the name of one is expected, and this is ${got}.`;
  return new SparkError("NOT_COLUMN_OR_STR", takes === undefined ? sentence : `${sentence} ${takes}`);
}

/**
 * An expression that is computed for each row: made by `col("name")`, by functions, and by the methods here.
 *
 * TypeScript has no operators to overload, so `==` is `eq`, `>` is `gt`, `+` is `plus`, `&` is `and`. Arguments that are
 * not columns are taken as literal values; a string is text, never a column's name.
 *
 * @example
 * ```ts
 * accounts.filter(col("active_ind").eq(1).and(col("country").isin("Canada", "Mexico")));
 * ```
 */
export class Column {
  /** Connect's message for this expression. */
  readonly expression: Expression;

  constructor(expression: Expression) {
    this.expression = expression;
  }

  #binary(operator: string, other: unknown): Column {
    return new Column(plan.call(operator, [this.expression, expressionOf(other)]));
  }

  #unary(name: string): Column {
    return new Column(plan.call(name, [this.expression]));
  }

  /**
   * Equal; null when either side is null.
   *
   * @example
   * ```ts
   * lit(1).eq(1); // true
   * ```
   */
  eq(other: unknown): Column {
    return this.#binary("==", other);
  }

  /**
   * Equal; null when either side is null.
   *
   * @example
   * ```ts
   * lit("a").equalTo("b"); // false
   * ```
   */
  equalTo(other: unknown): Column {
    return this.eq(other);
  }

  /**
   * Not equal; null when either side is null.
   *
   * @example
   * ```ts
   * lit(1).neq(2); // true
   * ```
   */
  neq(other: unknown): Column {
    return this.eq(other).not();
  }

  /**
   * Not equal; null when either side is null.
   *
   * @example
   * ```ts
   * lit(1).notEqual(1); // false
   * ```
   */
  notEqual(other: unknown): Column {
    return this.neq(other);
  }

  /**
   * Equal, where two nulls are equal and a null is unlike anything else.
   *
   * @example
   * ```ts
   * lit(null).eqNullSafe(null); // true
   * ```
   */
  eqNullSafe(other: unknown): Column {
    return this.#binary("<=>", other);
  }

  /**
   * Less than.
   *
   * @example
   * ```ts
   * lit(1).lt(2); // true
   * ```
   */
  lt(other: unknown): Column {
    return this.#binary("<", other);
  }

  /**
   * Less than or equal.
   *
   * @example
   * ```ts
   * lit(2).leq(2); // true
   * ```
   */
  leq(other: unknown): Column {
    return this.#binary("<=", other);
  }

  /**
   * Greater than.
   *
   * @example
   * ```ts
   * lit(1).gt(2); // false
   * ```
   */
  gt(other: unknown): Column {
    return this.#binary(">", other);
  }

  /**
   * Greater than or equal.
   *
   * @example
   * ```ts
   * lit(2).geq(2); // true
   * ```
   */
  geq(other: unknown): Column {
    return this.#binary(">=", other);
  }

  /**
   * Whether the value lies between two others, both included.
   *
   * @example
   * ```ts
   * lit(5).between(1, 5); // true
   * ```
   */
  between(lowerBound: unknown, upperBound: unknown): Column {
    return this.geq(lowerBound).and(this.leq(upperBound));
  }

  /**
   * Sum.
   *
   * @example
   * ```ts
   * lit(1).plus(2); // 3
   * ```
   */
  plus(other: unknown): Column {
    return this.#binary("+", other);
  }

  /**
   * Difference.
   *
   * @example
   * ```ts
   * lit(1).minus(2); // -1
   * ```
   */
  minus(other: unknown): Column {
    return this.#binary("-", other);
  }

  /**
   * Product.
   *
   * @example
   * ```ts
   * lit(2).times(3); // 6
   * ```
   */
  times(other: unknown): Column {
    return this.#binary("*", other);
  }

  /**
   * Quotient: DOUBLE or DECIMAL. Division by zero is an error under ANSI mode, null otherwise.
   *
   * @example
   * ```ts
   * lit(7).divide(2); // 3.5
   * ```
   */
  divide(other: unknown): Column {
    return this.#binary("/", other);
  }

  /**
   * Remainder, with the sign of the dividend.
   *
   * @example
   * ```ts
   * lit(-7).mod(2); // -1
   * ```
   */
  mod(other: unknown): Column {
    return this.#binary("%", other);
  }

  /**
   * The value with its sign turned.
   *
   * @example
   * ```ts
   * lit(7).negate(); // -7
   * ```
   */
  negate(): Column {
    return this.#unary("negative");
  }

  /**
   * Both true, by SQL's three-valued logic.
   *
   * @example
   * ```ts
   * lit(true).and(lit(false)); // false
   * ```
   */
  and(other: unknown): Column {
    return this.#binary("and", other);
  }

  /**
   * Either true, by SQL's three-valued logic.
   *
   * @example
   * ```ts
   * lit(true).or(lit(null)); // true
   * ```
   */
  or(other: unknown): Column {
    return this.#binary("or", other);
  }

  /**
   * The opposite; null stays null.
   *
   * @example
   * ```ts
   * lit(true).not(); // false
   * ```
   */
  not(): Column {
    return this.#unary("not");
  }

  /**
   * Bitwise and.
   *
   * @example
   * ```ts
   * lit(6).bitwiseAND(3); // 2
   * ```
   */
  bitwiseAND(other: unknown): Column {
    return this.#binary("&", other);
  }

  /**
   * Bitwise or.
   *
   * @example
   * ```ts
   * lit(6).bitwiseOR(3); // 7
   * ```
   */
  bitwiseOR(other: unknown): Column {
    return this.#binary("|", other);
  }

  /**
   * Bitwise exclusive or.
   *
   * @example
   * ```ts
   * lit(6).bitwiseXOR(3); // 5
   * ```
   */
  bitwiseXOR(other: unknown): Column {
    return this.#binary("^", other);
  }

  /**
   * True where the value is null.
   *
   * @example
   * ```ts
   * lit(null).isNull(); // true
   * ```
   */
  isNull(): Column {
    return this.#unary("isNull");
  }

  /**
   * True where the value is not null.
   *
   * @example
   * ```ts
   * accounts.filter(col("balance").isNotNull());
   * ```
   */
  isNotNull(): Column {
    return this.#unary("isNotNull");
  }

  /**
   * True where the value is NaN.
   *
   * @example
   * ```ts
   * lit(NaN).isNaN(); // true
   * ```
   */
  isNaN(): Column {
    return this.#unary("isNaN");
  }

  /**
   * Whether the value is one of those given, as arguments or as one array.
   *
   * @example
   * ```ts
   * accounts.filter(col("country").isin("Canada", "Mexico"));
   * ```
   */
  isin(...values: readonly unknown[]): Column {
    const list: readonly unknown[] = values.length === 1 && Array.isArray(values[0]) ? values[0] : values;
    return new Column(plan.call("in", [this.expression, ...list.map(expressionOf)]));
  }

  /**
   * Matches an SQL pattern: `%` for any text, `_` for one character.
   *
   * @example
   * ```ts
   * lit("Canada").like("Can%"); // true
   * ```
   */
  like(pattern: unknown): Column {
    return this.#binary("like", pattern);
  }

  /**
   * Matches an SQL pattern without regard to case.
   *
   * @example
   * ```ts
   * lit("Canada").ilike("can%"); // true
   * ```
   */
  ilike(pattern: unknown): Column {
    return this.#binary("ilike", pattern);
  }

  /**
   * Contains a match of a Java regular expression.
   *
   * @example
   * ```ts
   * lit("Canada").rlike("a.a$"); // true
   * ```
   */
  rlike(pattern: unknown): Column {
    return this.#binary("rlike", pattern);
  }

  /**
   * Whether text begins so.
   *
   * @example
   * ```ts
   * lit("Canada").startswith("Can"); // true
   * ```
   */
  startswith(other: unknown): Column {
    return this.#binary("startsWith", other);
  }

  /**
   * Whether text ends so.
   *
   * @example
   * ```ts
   * lit("Canada").endswith("da"); // true
   * ```
   */
  endswith(other: unknown): Column {
    return this.#binary("endsWith", other);
  }

  /**
   * Whether text contains another.
   *
   * @example
   * ```ts
   * lit("Canada").contains("nad"); // true
   * ```
   */
  contains(other: unknown): Column {
    return this.#binary("contains", other);
  }

  /**
   * The part of a text from `startPos` (counted from 1; negative from the end), `length` characters long.
   *
   * @example
   * ```ts
   * lit("Canada").substr(1, 3); // "Can"
   * ```
   */
  substr(startPos: unknown, length: unknown): Column {
    return new Column(plan.call("substr", [this.expression, expressionOf(startPos), expressionOf(length)]));
  }

  /**
   * The column under another name; several names for a generator that gives several columns.
   *
   * @param names - the name or names; an options object with `metadata` may come last
   * @example
   * ```ts
   * accounts.select(col("account_id").alias("id"));
   * ```
   */
  alias(...names: readonly (string | { readonly metadata: Readonly<Record<string, unknown>> })[]): Column {
    const texts = names.filter((name) => typeof name === "string");
    const options = names.find((name) => typeof name !== "string");
    return new Column(plan.alias(this.expression, texts, options?.metadata));
  }

  /**
   * The column under another name: {@link Column.alias} by its Scala name.
   *
   * @example
   * ```ts
   * accounts.select(col("account_id").as("id"));
   * ```
   */
  as(...names: readonly string[]): Column {
    return this.alias(...names);
  }

  /**
   * The column under another name.
   *
   * @example
   * ```ts
   * accounts.select(col("account_id").name("id"));
   * ```
   */
  name(name: string): Column {
    return this.alias(name);
  }

  /**
   * The value as another type: a DDL text such as `"decimal(12,2)"` or a type. A bad value is an error under ANSI mode.
   *
   * @example
   * ```ts
   * lit("12").cast("int"); // 12
   * ```
   */
  cast(dataType: DataType | string): Column {
    return new Column(plan.cast(this.expression, dataType));
  }

  /**
   * The value as another type: {@link Column.cast} by its other name.
   *
   * @example
   * ```ts
   * lit(1.9).astype("int"); // 1
   * ```
   */
  astype(dataType: DataType | string): Column {
    return this.cast(dataType);
  }

  /**
   * The value as another type, null where it cannot be.
   *
   * @example
   * ```ts
   * lit("twelve").try_cast("int"); // null
   * ```
   */
  try_cast(dataType: DataType | string): Column {
    return new Column(plan.cast(this.expression, dataType, true));
  }

  /**
   * Sorts upwards, nulls first.
   *
   * @example
   * ```ts
   * accounts.orderBy(col("balance").asc());
   * ```
   */
  asc(): Column {
    return this.asc_nulls_first();
  }

  /**
   * Sorts upwards, nulls first.
   *
   * @example
   * ```ts
   * accounts.orderBy(col("balance").asc_nulls_first());
   * ```
   */
  asc_nulls_first(): Column {
    return new Column(plan.sortOrder(this.expression, true, true));
  }

  /**
   * Sorts upwards, nulls last.
   *
   * @example
   * ```ts
   * accounts.orderBy(col("balance").asc_nulls_last());
   * ```
   */
  asc_nulls_last(): Column {
    return new Column(plan.sortOrder(this.expression, true, false));
  }

  /**
   * Sorts downwards, nulls last.
   *
   * @example
   * ```ts
   * accounts.orderBy(col("balance").desc());
   * ```
   */
  desc(): Column {
    return this.desc_nulls_last();
  }

  /**
   * Sorts downwards, nulls first.
   *
   * @example
   * ```ts
   * accounts.orderBy(col("balance").desc_nulls_first());
   * ```
   */
  desc_nulls_first(): Column {
    return new Column(plan.sortOrder(this.expression, false, true));
  }

  /**
   * Sorts downwards, nulls last.
   *
   * @example
   * ```ts
   * accounts.orderBy(col("balance").desc_nulls_last());
   * ```
   */
  desc_nulls_last(): Column {
    return new Column(plan.sortOrder(this.expression, false, false));
  }

  /**
   * Another branch after `when(…)`: the value where no earlier condition was true and this one is.
   *
   * @example
   * ```ts
   * F.when(lit(5).lt(0), "minus").when(lit(5).gt(0), "plus"); // "plus"
   * ```
   */
  when(condition: Column, value: unknown): Column {
    return new Column(plan.call("when", [...this.#branches("when"), condition.expression, expressionOf(value)]));
  }

  /**
   * The value where no condition of `when(…)` was true; without it that is null.
   *
   * @example
   * ```ts
   * F.when(lit(5).lt(0), "minus").otherwise("not minus"); // "not minus"
   * ```
   */
  otherwise(value: unknown): Column {
    return new Column(plan.call("when", [...this.#branches("otherwise"), expressionOf(value)]));
  }

  #branches(method: string): readonly Expression[] {
    const { exprType } = this.expression;
    const args =
      exprType.case === "unresolvedFunction" && exprType.value.functionName === "when" ? exprType.value.arguments : [];
    if (args.length === 0 || args.length % 2 === 1) {
      throw new SluiceError("USAGE", `${method}() can only follow when(), before any otherwise().`, {
        next: "Start with when(condition, value).",
      });
    }
    return args;
  }

  /**
   * The function over a window.
   *
   * @example
   * ```ts
   * accounts.select("account_id", F.sum("balance").over(Window.partitionBy("country")).alias("of_country"));
   * ```
   */
  over(window: WindowSpec): Column {
    return new Column(plan.windowed(this.expression, window.parts));
  }

  /**
   * A field of a struct.
   *
   * @example
   * ```ts
   * F.named_struct(lit("city"), lit("Leon")).getField("city"); // "Leon"
   * ```
   */
  getField(name: unknown): Column {
    return new Column(plan.extractValue(this.expression, expressionOf(name)));
  }

  /**
   * An element of an array, counted from 0, or the value of a map's key.
   *
   * @example
   * ```ts
   * F.array(lit("a"), lit("b")).getItem(1); // "b"
   * ```
   */
  getItem(key: unknown): Column {
    return new Column(plan.extractValue(this.expression, expressionOf(key)));
  }

  /**
   * The struct with a field added or replaced; `a.b` reaches into a nested struct.
   *
   * @example
   * ```ts
   * F.named_struct(lit("a"), lit(1)).withField("b", lit(2)).getField("b"); // 2
   * ```
   */
  withField(fieldName: string, value: Column): Column {
    return new Column(plan.updateField(this.expression, fieldName, value.expression));
  }

  /**
   * The struct without some of its fields.
   *
   * @example
   * ```ts
   * F.named_struct(lit("a"), lit(1), lit("b"), lit(2)).dropFields("a").getField("b"); // 2
   * ```
   */
  dropFields(...fieldNames: readonly string[]): Column {
    return new Column(fieldNames.reduce((struct, name) => plan.updateField(struct, name), this.expression));
  }

  /**
   * The expression as PySpark prints it: `Column<'(a > 1)'>`.
   *
   * @example
   * ```ts
   * col("a").gt(1).toString(); // "Column<'(a > 1)'>"
   * ```
   */
  toString(): string {
    return `Column<'${describe(this.expression)}'>`;
  }

  /**
   * Refuses JavaScript's operators: `col("a") > 3` would compare texts, and never the rows. In a template a column is its text.
   *
   * `&&`, `||` and `!` ask no object: they can't be refused, and give one side of the two.
   *
   * @throws SparkError `CANNOT_CONVERT_COLUMN_INTO_BOOL`, as PySpark's `and` and `or` do
   */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw new SparkError(
      "CANNOT_CONVERT_COLUMN_INTO_BOOL",
      "A column takes no operators of JavaScript. Use its methods: gt, eq, plus, and, or, not and the like.",
    );
  }

  [inspectAs](): string {
    return this.toString();
  }
}
