// Spark's type coercion: which type two expressions have in common, and what an argument is cast to.
// ANSI mode and the one of Spark 3 differ mostly in what a string becomes.
import type { DataType, StructField } from "../../../sql/types/data-type.ts";
import type { Expression } from "../resolved/expression.ts";
import type { ResolveContext, Semantics } from "./definition.ts";
import { decimalFor, widerDecimal } from "./decimal-rules.ts";
import {
  DOUBLE,
  LONG,
  STRING,
  arrayOf,
  isAtomic,
  isDayOrTime,
  isFloating,
  isIntegral,
  isInterval,
  isNumeric,
  mapOf,
  sameType,
} from "./kinds.ts";
import { dataDifferentTypes } from "./type-errors.ts";

const NUMERIC_ORDER = ["byte", "short", "integer", "long", "float", "double"];

/** The type both can take without text: null, numbers, days and times, intervals. */
function tightest(a: DataType, b: DataType, ansi: boolean): DataType | undefined {
  if (a.kind === "null") return b;
  if (b.kind === "null") return a;
  if (isAtomic(a) && sameType(a, b)) return a;
  if (isNumeric(a) && isNumeric(b)) return commonNumber(a, b, ansi);
  if (isDayOrTime(a) && isDayOrTime(b)) return commonTime(a, b);
  if (a.kind === "dayTimeInterval" && b.kind === "dayTimeInterval") return joinFields(a, b);
  if (a.kind === "yearMonthInterval" && b.kind === "yearMonthInterval") return joinFields(a, b);
  return undefined;
}

function commonNumber(a: DataType, b: DataType, ansi: boolean): DataType {
  if (a.kind === "decimal" || b.kind === "decimal") {
    return isFloating(a) || isFloating(b) ? DOUBLE : widerDecimal(decimalFor(a), decimalFor(b));
  }
  const wider = NUMERIC_ORDER.indexOf(a.kind) >= NUMERIC_ORDER.indexOf(b.kind) ? a : b;
  return ansi && wider.kind === "float" ? DOUBLE : wider;
}

function commonTime(a: DataType, b: DataType): DataType {
  if (a.kind === "date") return b;
  if (b.kind === "date") return a;
  return a.kind === "timestamp" ? a : b;
}

function joinFields<T extends { readonly startField: number; readonly endField: number }>(a: T, b: T): T {
  return { ...a, startField: Math.min(a.startField, b.startField), endField: Math.max(a.endField, b.endField) };
}

/** What a string and another type meet at, in ANSI mode. */
function ansiWithString(other: DataType): DataType | undefined {
  if (isIntegral(other)) return LONG;
  if (isNumeric(other)) return DOUBLE;
  return isInterval(other) || !isAtomic(other) ? undefined : other;
}

/** The same in the mode of Spark 3: the string, except for binary and boolean. */
function legacyWithString(other: DataType): DataType | undefined {
  return isAtomic(other) && other.kind !== "binary" && other.kind !== "boolean" ? STRING : undefined;
}

function withString(a: DataType, b: DataType, ansi: boolean): DataType | undefined {
  if (a.kind !== "string" && b.kind !== "string") return undefined;
  const other = a.kind === "string" ? b : a;
  return ansi ? ansiWithString(other) : legacyWithString(other);
}

function commonNested(a: DataType, b: DataType, ansi: boolean): DataType | undefined {
  if (a.kind === "array" && b.kind === "array") {
    const element = commonType(a.elementType, b.elementType, ansi);
    if (!element) return undefined;
    const forced = mayBecomeNull(a.elementType, element, ansi) || mayBecomeNull(b.elementType, element, ansi);
    return arrayOf(element, a.containsNull || b.containsNull || forced);
  }
  if (a.kind === "map" && b.kind === "map") {
    const key = commonType(a.keyType, b.keyType, ansi);
    const value = commonType(a.valueType, b.valueType, ansi);
    return key && value && mapOf(key, value, a.valueContainsNull || b.valueContainsNull);
  }
  if (a.kind === "struct" && b.kind === "struct" && a.fields.length === b.fields.length) {
    const fields = a.fields.map((field, i) => commonField(field, b.fields[i] as StructField, ansi));
    return fields.every((field) => field !== undefined) ? { kind: "struct", fields } : undefined;
  }
  return undefined;
}

function commonField(a: StructField, b: StructField, ansi: boolean): StructField | undefined {
  if (a.name.toLowerCase() !== b.name.toLowerCase()) return undefined;
  const dataType = commonType(a.dataType, b.dataType, ansi);
  return dataType && { name: a.name, dataType, nullable: a.nullable || b.nullable };
}

/**
 * The type two branches of CASE, elements of an array or columns of a union take, or undefined when there is none.
 *
 * @example
 * ```ts
 * commonType({ kind: "integer" }, { kind: "string" }, true); // long: ANSI reads the string as a number
 * ```
 */
export function commonType(a: DataType, b: DataType, ansi: boolean): DataType | undefined {
  return tightest(a, b, ansi) ?? withString(a, b, ansi) ?? commonNested(a, b, ansi);
}

/** {@link commonType} of any number of types; strings are looked at first in the mode of Spark 3. */
export function commonTypeOf(types: readonly DataType[], ansi: boolean): DataType | undefined {
  const ordered = ansi
    ? types
    : [...types.filter((t) => t.kind === "string"), ...types.filter((t) => t.kind !== "string")];
  const [first, ...others] = ordered;
  return others.reduce<DataType | undefined>((sofar, type) => sofar && commonType(sofar, type, ansi), first);
}

/** The type two operands are compared in, or undefined. Booleans against numbers are the caller's matter. */
export function comparisonType(a: DataType, b: DataType, ansi: boolean): DataType | undefined {
  if (!ansi && (a.kind === "string") !== (b.kind === "string")) {
    const other = a.kind === "string" ? b : a;
    if (other.kind === "null") return STRING;
    if (other.kind === "decimal") return DOUBLE;
    if (isAtomic(other) && !isInterval(other)) return other;
    return undefined;
  }
  return commonType(a, b, ansi);
}

/**
 * Whether a cast may give null for a value that is not, as Spark declares it: then the result is nullable whatever its
 * argument. The declaration does not depend on the mode, although an ANSI cast would throw.
 */
export function mayBecomeNull(from: DataType, to: DataType, _ansi: boolean): boolean {
  if (from.kind === "null") return to.kind !== "null";
  if (sameType(from, to) || to.kind === "string") return false;
  if (from.kind === "string") return to.kind !== "binary";
  if (from.kind === "timestamp" && (to.kind === "byte" || to.kind === "short" || to.kind === "integer")) return true;
  if (to.kind === "timestamp") return isFloating(from);
  if (to.kind === "date") return from.kind !== "timestamp";
  if (from.kind === "date" || to.kind === "calendarInterval") return true;
  if (to.kind === "decimal") {
    if (!isNumeric(from) && from.kind !== "boolean") return true;
    if (isFloating(from)) return true;
    const source = from.kind === "boolean" ? { precision: 1, scale: 0 } : decimalFor(from);
    return to.precision - to.scale < source.precision - source.scale || to.scale < source.scale;
  }
  return (isFloating(from) || from.kind === "decimal") && isIntegral(to);
}

/** What Spark casts an argument to when a function wants `to`; undefined when it refuses. */
export function implicitType(from: DataType, to: DataType, ansi: boolean): DataType | undefined {
  if (sameType(from, to) || from.kind === "null") return to;
  if (from.kind === "array" && to.kind === "array") {
    const element = implicitType(from.elementType, to.elementType, ansi);
    return element && arrayOf(element, from.containsNull);
  }
  if (!isAtomic(from) || !isAtomic(to)) return undefined;
  if (from.kind === "string") return ansi || to.kind !== "boolean" ? to : undefined;
  if (to.kind === "string") return to;
  if (isNumeric(from) && isNumeric(to)) return to;
  if (isDayOrTime(from) && isDayOrTime(to)) return to;
  return undefined;
}

/** Casts every expression to the type they have in common. */
export function toCommonType(
  functionName: string,
  expressions: readonly Expression[],
  context: ResolveContext,
): { readonly args: readonly Expression[]; readonly dataType: DataType } {
  const types = expressions.map((expression) => expression.dataType);
  const dataType = commonTypeOf(types, context.ansi);
  if (!dataType) throw dataDifferentTypes(functionName, types);
  return { args: expressions.map((expression) => context.coerce(expression, dataType)), dataType };
}

/**
 * The cast node that type coercion adds; the expression itself when it has the type already.
 *
 * A null literal takes the type at once, so that it stays a constant.
 */
export function coerced(expression: Expression, to: DataType, semantics: Pick<Semantics, "ansi">): Expression {
  if (sameType(expression.dataType, to)) return expression;
  if (expression.kind === "literal" && expression.value === null) return { ...expression, dataType: to };
  return {
    kind: "cast",
    child: expression,
    mode: semantics.ansi ? "ansi" : "legacy",
    explicit: false,
    dataType: to,
    nullable: expression.nullable || mayBecomeNull(expression.dataType, to, semantics.ansi),
  };
}
