// element_at, try_element_at and sequence.
import type { DataType } from "../../../sql/types/data-type.ts";
import { localTime, localToInstant } from "../casts/time.ts";
import type { Expression } from "../resolved/expression.ts";
import { duckdbType } from "../types.ts";
import { intervalMicros, intervalMonths } from "../casts/interval.ts";
import { withDays } from "./time-arithmetic.ts";
import { commonTypeOf } from "./coercion.ts";
import type { EmitContext, FunctionDefinition } from "./definition.ts";
import { INT, LONG, arrayOf, isDayOrTime, isIntegral, isInterval } from "./kinds.ts";
import { anyNullable, checkCount, typeOf } from "./makers.ts";
import { bind, whenNone } from "./sql-text.ts";
import { typeMismatch, unexpectedInput } from "./type-errors.ts";

const elementAt = (name: "element_at" | "try_element_at"): FunctionDefinition => ({
  name,
  kind: "scalar",
  resolve(args, context) {
    checkCount(name, args.length, 2, 2);
    const [collection, key] = args as [Expression, Expression];
    const type = collection.dataType;
    if (type.kind === "map")
      return { args: [collection, context.coerce(key, type.keyType)], dataType: type.valueType, nullable: true };
    if (type.kind !== "array") throw unexpectedInput(name, 0, `("ARRAY" or "MAP")`, type);
    if (!isIntegral(key.dataType) && key.dataType.kind !== "null")
      throw unexpectedInput(name, 1, `"INT"`, key.dataType);
    return { args: [collection, context.coerce(key, INT)], dataType: type.elementType, nullable: true };
  },
  emit(args, call, context) {
    if (typeOf(call.args, 0).kind === "map") return `map_extract_value(${args[0]}, ${args[1]})`;
    return bind(context, args, (list, index) => {
      const zero = context.raise(
        "INVALID_INDEX_OF_ZERO",
        "22003",
        "'The index 0 is invalid. An index shall be either < 0 or > 0 (the first element has index 1).'",
      );
      const outside = context.raise(
        "INVALID_ARRAY_INDEX_IN_ELEMENT_AT",
        "22003",
        `'The index ' || ${index} || ' is out of bounds. The array has ' || len(${list}) || ' elements. Use \`try_element_at\` to tolerate accessing element at invalid index and return NULL instead.'`,
      );
      const miss = context.ansi && name === "element_at" ? outside : "NULL";
      return whenNone(
        [list, index],
        `CASE WHEN abs(${index}) > len(${list}) THEN ${miss} WHEN ${index} = 0 THEN ${zero} ELSE ${list}[${index}] END`,
      );
    });
  },
});

const sequence: FunctionDefinition = {
  name: "sequence",
  kind: "scalar",
  resolve(args, context) {
    checkCount("sequence", args.length, 2, 3);
    const [start, stop, step] = args as [Expression, Expression, Expression | undefined];
    const type = commonTypeOf([start.dataType, stop.dataType], context.ansi);
    if (!type || !(isIntegral(type) || isDayOrTime(type))) {
      throw typeMismatch(
        "SEQUENCE_WRONG_INPUT_TYPES",
        "sequence",
        "`sequence` uses the wrong parameter type. The parameter type must conform to: 1. The start and stop expressions must resolve to the same type. 2. If start and stop expressions resolve to a temporal type, then the step expression must resolve to an interval type. 3. Otherwise, the step expression must resolve to the same type.",
      );
    }
    const ends = [context.coerce(start, type), context.coerce(stop, type)];
    const by = step && (isIntegral(type) ? context.coerce(step, type) : step);
    if (by && isDayOrTime(type) && !isInterval(by.dataType))
      throw unexpectedInput("sequence", 2, `"INTERVAL"`, by.dataType);
    const all = by ? [...ends, by] : ends;
    return { args: all, dataType: arrayOf(type, false), nullable: anyNullable(all) };
  },
  emit(args, call, context) {
    const type = typeOf(call.args, 0);
    const list = isIntegral(type) ? integers(args, context) : times(args, type, call.args[2], context);
    return `CAST(${list} AS ${duckdbType(call.dataType)})`;
  },
};

function integers(args: readonly string[], context: EmitContext): string {
  return bind(context, args, (start, stop, by) => {
    const long = (x: string) => `CAST(${x} AS ${duckdbType(LONG)})`;
    const step = by ?? `CASE WHEN ${start} <= ${stop} THEN 1 ELSE -1 END`;
    const series = `generate_series(${long(start)}, ${long(stop)}, ${long(step)})`;
    if (by === undefined) return whenNone([start, stop], series);
    const wrong = context.raise(
      "ILLEGAL_SEQUENCE_BOUNDARIES",
      "22023",
      `'Illegal sequence boundaries: ' || ${start} || ' to ' || ${stop} || ' by ' || ${by} || '.'`,
    );
    const bad = `(${by} = 0 AND ${start} <> ${stop}) OR (${by} > 0 AND ${start} > ${stop}) OR (${by} < 0 AND ${start} < ${stop})`;
    return whenNone(
      [start, stop, by],
      `CASE WHEN ${bad} THEN ${wrong} WHEN ${start} = ${stop} THEN [${long(start)}] ELSE ${series} END`,
    );
  });
}

/** Days or instants; without a step, one day up or down. Each is counted from the start, as months have no one length. */
function times(args: readonly string[], type: DataType, step: Expression | undefined, context: EmitContext): string {
  return bind(context, args, (start, stop, by) => {
    const local = (x: string) => localTime(x, type, context);
    const interval = by ?? `CASE WHEN ${start} <= ${stop} THEN INTERVAL 1 DAY ELSE INTERVAL (-1) DAY END`;
    const months = step?.dataType.kind === "yearMonthInterval";
    const size = months ? intervalMonths(interval) : intervalMicros(interval);
    return bind(context, [size], (n) => {
      const i = context.fresh("i");
      const distance = months
        ? `date_diff('month', ${local(start)}, ${local(stop)})`
        : `epoch_us(${stop}) - epoch_us(${start})`;
      // One more than can fit, because an hour may be missing; those behind the end are left out.
      const counts = `generate_series(0, (${distance}) // ${n} + 1)`;
      const moved = months ? `${local(start)} + to_months(CAST(${i} * ${n} AS INTEGER))` : "";
      const item =
        type.kind === "timestamp"
          ? months
            ? localToInstant(moved, context)
            : withDays(start, "+", `${i} * ${n}`, context)
          : months
            ? moved
            : `make_timestamp(epoch_us(${local(start)}) + ${i} * ${n})`;
      const e = context.fresh("e");
      const end = type.kind === "timestamp" ? stop : local(stop);
      const kept = `list_filter(list_transform(${counts}, lambda ${i}: ${item}), lambda ${e}: CASE WHEN ${n} > 0 THEN ${e} <= ${end} ELSE ${e} >= ${end} END)`;
      return whenNone([start, stop, n], kept);
    });
  });
}

export const elementFunctions: FunctionDefinition[] = [elementAt("element_at"), elementAt("try_element_at"), sequence];
