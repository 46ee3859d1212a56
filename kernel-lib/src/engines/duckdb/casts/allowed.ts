// Which casts Spark's analyzer accepts at all.
import type { DataType } from "../../../sql/types/data-type.ts";
import type { CastMode } from "../resolved/expression.ts";
import { mayBecomeNull } from "../functions/coercion.ts";
import { isDayOrTime, isIntegral, isInterval, isNumeric, sameType } from "../functions/kinds.ts";

/**
 * Whether the result of a cast can be null; undefined when Spark does not accept the cast, and the analyzer throws
 * `DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION`. A `try` cast accepts what an `ansi` one does.
 *
 * @param nullable whether the value that is cast can be null
 */
export function canCast(from: DataType, to: DataType, mode: CastMode, nullable: boolean): boolean | undefined {
  if (!isCastable(from, to, mode)) return undefined;
  if (mode === "try") return nullable || !sameType(from, to);
  return nullable || mayBecomeNull(from, to, mode === "ansi");
}

function isCastable(from: DataType, to: DataType, mode: CastMode): boolean {
  if (from.kind === "null" || sameType(from, to)) return true;
  if (from.kind === "array" && to.kind === "array") {
    return isCastable(from.elementType, to.elementType, mode);
  }
  if (from.kind === "map" && to.kind === "map") {
    return isCastable(from.keyType, to.keyType, mode) && isCastable(from.valueType, to.valueType, mode);
  }
  if (from.kind === "struct" && to.kind === "struct") {
    return (
      from.fields.length === to.fields.length &&
      from.fields.every((field, i) => isCastable(field.dataType, to.fields[i]?.dataType ?? field.dataType, mode))
    );
  }
  if (to.kind === "string") return true;
  return canCastAtomic(from, to, mode !== "legacy");
}

function canCastAtomic(from: DataType, to: DataType, ansi: boolean): boolean {
  const number = isNumeric(from) || from.kind === "boolean";
  if (isInterval(from)) return from.kind === to.kind || (from.kind !== "calendarInterval" && isExact(to));
  if (isNumeric(to) || to.kind === "boolean") {
    if (number || from.kind === "string") return true;
    if (from.kind === "timestamp") return to.kind === "boolean" ? !ansi : true;
    return !ansi && from.kind === "date";
  }
  if (to.kind === "timestamp") return isDayOrTime(from) || from.kind === "string" || (ansi ? isNumeric(from) : number);
  if (to.kind === "timestampNtz" || to.kind === "date") return isDayOrTime(from) || from.kind === "string";
  if (to.kind === "binary") return from.kind === "string";
  if (isInterval(to)) return from.kind === to.kind || (to.kind !== "calendarInterval" && isExact(from));
  return false;
}

/** Numbers that an interval can be read from and as. */
const isExact = (type: DataType): boolean => isIntegral(type) || type.kind === "decimal";
