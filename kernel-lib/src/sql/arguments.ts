// What PySpark says of arguments of a wrong kind, which plain JavaScript and lost types can give.
import { Column } from "./column.ts";
import { SparkError } from "./errors.ts";

/** What a value is called in a message. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "str";
  return Array.isArray(value) ? "array" : typeof value;
}

/**
 * Checks a number of rows.
 *
 * @param takes - what the method takes, as a sentence
 * @throws SparkError `NOT_INT`
 */
export function checkInt(name: string, value: unknown, takes: string): void {
  if (typeof value === "number" && Number.isInteger(value)) return;
  throw new SparkError("NOT_INT", `Argument \`${name}\` should be an int, got ${kindOf(value)}. ${takes}`);
}

/**
 * Checks the value of a new column.
 *
 * @throws SparkError `NOT_COLUMN`
 */
export function checkColumn(name: string, value: unknown): void {
  if (value instanceof Column) return;
  const written =
    typeof value === "number" ? String(value) : typeof value === "string" ? JSON.stringify(value) : "value";
  const next = `Use lit(${written}) for a value${typeof value === "string" ? `, col(${written}) for another column` : ""}.`;
  throw new SparkError(
    "NOT_COLUMN",
    `Argument \`col\` of the column ${name} should be a Column, got ${kindOf(value)}. ${next}`,
  );
}

const SHOW = "Write show(n, truncate, vertical), such as show(20, false).";

/**
 * Checks the arguments of `show`.
 *
 * @throws SparkError `NOT_INT` or `NOT_BOOL`
 */
export function checkShow(n: unknown, truncate: unknown, vertical: unknown): void {
  checkInt("n", n, SHOW);
  if (typeof truncate !== "boolean" && !(typeof truncate === "number" && Number.isInteger(truncate))) {
    throw new SparkError(
      "NOT_BOOL",
      `Argument \`truncate\` should be a bool or an int, got ${kindOf(truncate)}. ${SHOW}`,
    );
  }
  if (typeof vertical !== "boolean")
    throw new SparkError("NOT_BOOL", `Argument \`vertical\` should be a bool, got ${kindOf(vertical)}. ${SHOW}`);
}
