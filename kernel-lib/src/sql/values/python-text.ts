// How Python prints a value of a Spark type, so that rows look as they do in PySpark.
import type { DataType } from "../types/data-type.ts";
import { LocalDate, LocalDateTime, Timestamp } from "./calendar.ts";
import { Decimal } from "./decimal.ts";
import { DayTimeInterval } from "./interval.ts";

/** Python's `repr` of a value read from a column of that type. */
export function pythonText(value: unknown, type: DataType): string {
  if (value === null || value === undefined) return "None";
  switch (type.kind) {
    case "boolean":
      return value ? "True" : "False";
    case "float":
    case "double":
      return floatText(Number(value));
    case "string":
      return stringText(other(value));
    case "binary":
      return value instanceof Uint8Array ? `bytearray(${bytesText(value)})` : other(value);
    case "decimal":
      return value instanceof Decimal ? `Decimal('${decimalText(value)}')` : other(value);
    case "date":
      return value instanceof LocalDate ? `datetime.date(${value.year}, ${value.month}, ${value.day})` : other(value);
    case "timestamp":
      return value instanceof Timestamp ? dateTimeText(localMicros(value)) : other(value);
    case "timestampNtz":
      return value instanceof LocalDateTime ? dateTimeText(value.epochMicros) : other(value);
    case "dayTimeInterval":
      return value instanceof DayTimeInterval ? timedeltaText(value.micros) : other(value);
    case "array":
      return Array.isArray(value)
        ? `[${value.map((item: unknown) => pythonText(item, type.elementType)).join(", ")}]`
        : other(value);
    case "map":
      return value instanceof Map
        ? `{${[...value].map(([key, item]) => `${pythonText(key, type.keyType)}: ${pythonText(item, type.valueType)}`).join(", ")}}`
        : other(value);
    case "struct": {
      const values = [...(value as Iterable<unknown>)];
      return `Row(${type.fields.map((field, index) => `${field.name}=${pythonText(values[index], field.dataType)}`).join(", ")})`;
    }
    default:
      return typeof value === "bigint" ? value.toString() : other(value);
  }
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude >= 1e16 || magnitude < 1e-4)) {
    const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
    const power = Number(exponent);
    return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  }
  const text = String(value);
  return text.includes(".") ? text : `${text}.0`;
}

function stringText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t")
    .replace(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return `${quote}${quote === "'" ? escaped.replaceAll("'", "\\'") : escaped}${quote}`;
}

function bytesText(bytes: Uint8Array): string {
  const characters = [...bytes].map((byte) => {
    if (byte === 0x5c) return "\\\\";
    if (byte === 0x09) return "\\t";
    if (byte === 0x0a) return "\\n";
    if (byte === 0x0d) return "\\r";
    return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
  });
  const text = characters.join("");
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  return `b${quote}${quote === "'" ? text.replaceAll("'", "\\'") : text}${quote}`;
}

function decimalText(value: Decimal): string {
  const digits = (value.unscaled < 0n ? -value.unscaled : value.unscaled).toString();
  const exponent = digits.length - 1 - value.scale;
  if (exponent >= -6) return value.toString();
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  return `${value.unscaled < 0n ? "-" : ""}${mantissa}E${exponent}`;
}

/** The instant on this process's own clock, as PySpark shows timestamps. */
function localMicros(value: Timestamp): bigint {
  return value.epochMicros - BigInt(value.toDate().getTimezoneOffset()) * 60_000_000n;
}

function dateTimeText(micros: bigint): string {
  const date = new Timestamp(micros).toDate();
  const fraction = Number(((micros % 1_000_000n) + 1_000_000n) % 1_000_000n);
  const parts = [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
  ];
  const seconds = date.getUTCSeconds();
  if (seconds > 0 || fraction > 0) parts.push(seconds);
  if (fraction > 0) parts.push(fraction);
  return `datetime.datetime(${parts.join(", ")})`;
}

function timedeltaText(micros: bigint): string {
  const day = 86_400_000_000n;
  const days = micros >= 0n ? micros / day : -((-micros + day - 1n) / day);
  const rest = micros - days * day;
  const parts = [
    ["days", days],
    ["seconds", rest / 1_000_000n],
    ["microseconds", rest % 1_000_000n],
  ] as const;
  const shown = parts.filter(([, value]) => value !== 0n).map(([name, value]) => `${name}=${value}`);
  return `datetime.timedelta(${shown.length > 0 ? shown.join(", ") : "0"})`;
}

/** What is not of the class its type calls for: it can only come from a program that made a row by hand. */
function other(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
