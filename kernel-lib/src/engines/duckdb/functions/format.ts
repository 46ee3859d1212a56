// format_number and format_string, as Java's DecimalFormat and Formatter print.
import type { DuckDBListValue } from "@duckdb/node-api";
import { SparkError } from "../../../sql/errors.ts";
import type { DataType } from "../../../sql/types/data-type.ts";
import type { Expression } from "../resolved/expression.ts";
import { plainNumber } from "../casts/java-number.ts";
import type { FunctionDefinition } from "./definition.ts";
import { DOUBLE, INT, STRING, decimal, isFloating, isIntegral, isNumeric } from "./kinds.ts";
import { checkCount, named, rows, typeOf } from "./makers.ts";
import { roundedText } from "./math-natives.ts";
import { cast } from "./sql-text.ts";
import { native } from "./text-natives.ts";
import { unsupported } from "./type-errors.ts";

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ",");

/** A number's text with thousands and `digits` after the point, half to even; null for negative digits. */
export function formatNumber(text: string, digits: number): string | null {
  if (digits < 0) return null;
  if (!/\d/.test(text)) return text.startsWith("-") ? "-∞" : /inf/i.test(text) ? "∞" : "NaN";
  const [whole = "0", fraction = ""] = plainNumber(roundedText(text, digits, true)).split(".");
  const negative = text.startsWith("-");
  const shown = fraction.padEnd(digits, "0");
  return `${negative ? "-" : ""}${grouped(whole.replace("-", ""))}${digits > 0 ? `.${shown}` : ""}`;
}

/** The exact decimal digits of a double, which Java rounds. */
const exactDigits = (value: number): string =>
  Number.isFinite(value)
    ? plainNumber(value.toFixed(100).includes("e") ? String(value) : value.toFixed(100))
    : String(value);

const formatDoubleNative = native("format_double", ["DOUBLE", "INTEGER"], "VARCHAR", (value: number, digits: number) =>
  formatNumber(exactDigits(value), digits),
);

const formatNumberNative = native("format_number", ["VARCHAR", "INTEGER"], "VARCHAR", formatNumber);

const SPECIFIER = /%(\d+\$)?([-#+ 0,(]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g;

function badFormat(format: string): SparkError {
  return new SparkError("INVALID_PARAMETER_VALUE.FORMAT", `The format '${format}' does not fit its arguments.`, {
    sqlState: "22023",
  });
}

/** One argument by its conversion; `kind` is `i` for whole numbers, `n` for others, `s` for all else. */
function converted(
  value: string | null,
  kind: string,
  flags: string,
  precision: number | undefined,
  conversion: string,
  format: string,
): string {
  const lower = conversion.toLowerCase();
  if (value === null) return lower === "b" ? "false" : "null";
  if (lower === "s") return precision === undefined ? value : value.slice(0, precision);
  if (lower === "b") return kind === "s" && (value === "true" || value === "false") ? value : "true";
  if (lower === "d" || lower === "x" || lower === "o") {
    if (kind !== "i" && kind !== "l") throw badFormat(format);
    const number = BigInt(value);
    if (lower !== "d") return BigInt.asUintN(kind === "l" ? 64 : 32, number).toString(lower === "x" ? 16 : 8);
    return signed(
      flags,
      number < 0n,
      flags.includes(",") ? grouped(number.toString().replace("-", "")) : number.toString().replace("-", ""),
    );
  }
  if (kind !== "n") throw badFormat(format);
  if (lower === "f") {
    const [whole = "", fraction = ""] = plainNumber(roundedText(value, precision ?? 6, false))
      .replace("-", "")
      .split(".");
    const digits = precision ?? 6;
    const text = `${flags.includes(",") ? grouped(whole) : whole}${digits > 0 ? `.${fraction.padEnd(digits, "0")}` : ""}`;
    return signed(flags, value.startsWith("-"), text);
  }
  if (lower === "e") {
    const text = Math.abs(Number(value))
      .toExponential(precision ?? 6)
      .replace(/e([+-])(\d)$/, "e$10$2");
    return signed(flags, value.startsWith("-"), text);
  }
  throw badFormat(format);
}

function signed(flags: string, negative: boolean, text: string): string {
  if (negative) return flags.includes("(") ? `(${text})` : `-${text}`;
  return flags.includes("+") ? `+${text}` : flags.includes(" ") ? ` ${text}` : text;
}

/** Java's String.format of texts of the arguments. */
export function formatString(format: string, values: readonly (string | null)[], kinds: string): string {
  let next = 0;
  return format.replace(
    SPECIFIER,
    (
      _,
      position: string | undefined,
      flags: string,
      width: string | undefined,
      precision: string | undefined,
      conversion: string,
    ) => {
      if (conversion === "%") return "%";
      if (conversion === "n") return "\n";
      const at = position ? Number.parseInt(position, 10) - 1 : next++;
      if (at >= values.length) throw badFormat(format);
      let text = converted(
        values[at] ?? null,
        kinds[at] ?? "s",
        flags,
        precision === undefined ? undefined : Number(precision),
        conversion,
        format,
      );
      if (conversion !== conversion.toLowerCase()) text = text.toUpperCase();
      const size = Number(width ?? 0);
      if (flags.includes("-")) return text.padEnd(size);
      if (!flags.includes("0")) return text.padStart(size);
      const sign = /^[+-]/.exec(text)?.[0] ?? "";
      return sign + text.slice(sign.length).padStart(size - sign.length, "0");
    },
  );
}

const formatStringNative = native(
  "format_string",
  ["VARCHAR", "VARCHAR[]", "VARCHAR"],
  "VARCHAR",
  (format: string, values: DuckDBListValue, kinds: string) =>
    formatString(format, values.items as (string | null)[], kinds),
);

const kindOf = (type: DataType): string =>
  type.kind === "long" ? "l" : isIntegral(type) ? "i" : isNumeric(type) ? "n" : "s";

const formatStringFunction = named("format_string printf", (name) => ({
  kind: "scalar",
  resolve(args) {
    checkCount(name, args.length, 1, Infinity);
    return { args, dataType: STRING, nullable: args[0]?.nullable ?? true };
  },
  emit([format = "", ...values], call, context) {
    const types = call.args.slice(1).map((arg) => arg.dataType);
    const texts = values.map((value, i) => context.castSql(value, types[i] ?? STRING, STRING, "ansi"));
    return `${context.native(formatStringNative)}(${format}, CAST([${texts.join(", ")}] AS VARCHAR[]), '${types.map(kindOf).join("")}')`;
  },
}));

const formatNumberFunction = rows({
  names: "format_number",
  parameters: [
    (type) => (isNumeric(type) ? type : decimal(38, 18)),
    (type) => (type.kind === "string" ? undefined : INT),
  ],
  result: STRING,
  nullable: true,
  sql: ([value = "", digits = ""], context, call) =>
    isFloating(typeOf(call.args, 0))
      ? `${context.native(formatDoubleNative)}(${cast(value, DOUBLE)}, ${digits})`
      : `${context.native(formatNumberNative)}(${cast(value, STRING)}, ${digits})`,
}).map((definition): FunctionDefinition => ({
  ...definition,
  resolve(args: readonly Expression[], context) {
    if (args[1]?.dataType.kind === "string")
      throw unsupported("format_number with a pattern", "Give the number of digits after the point.");
    return definition.resolve(args, context);
  },
}));

export const formatFunctions: FunctionDefinition[] = [...formatNumberFunction, ...formatStringFunction];
