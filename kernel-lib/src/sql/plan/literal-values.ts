// Connect's literals as JavaScript values: the way back of literals.ts.
import type { Expression_Literal as Literal } from "../../generated/spark/connect/expressions_pb.ts";
import { LocalDate, LocalDateTime, Timestamp } from "../values/calendar.ts";
import { Decimal } from "../values/decimal.ts";
import { CalendarInterval, DayTimeInterval, YearMonthInterval } from "../values/interval.ts";
import { fromProto } from "../types/proto.ts";

/** The value of a literal; structs become plain objects. */
export function valueOfLiteral(literal: Literal | undefined): unknown {
  const kind = literal?.literalType;
  if (kind?.case === undefined) return null;
  switch (kind.case) {
    case "null":
      return null;
    case "decimal":
      return Decimal.from(kind.value.value);
    case "date":
      return new LocalDate(kind.value);
    case "timestamp":
      return new Timestamp(kind.value);
    case "timestampNtz":
      return new LocalDateTime(kind.value);
    case "dayTimeInterval":
      return new DayTimeInterval(kind.value);
    case "yearMonthInterval":
      return new YearMonthInterval(kind.value);
    case "calendarInterval":
      return new CalendarInterval(kind.value.months, kind.value.days, kind.value.microseconds);
    case "array":
      return kind.value.elements.map(valueOfLiteral);
    case "map":
      return new Map(
        kind.value.keys.map((key, index) => [valueOfLiteral(key), valueOfLiteral(kind.value.values[index])]),
      );
    case "struct": {
      const type = kind.value.structType ? fromProto(kind.value.structType) : undefined;
      const fields = type?.kind === "struct" ? type.fields : [];
      return Object.fromEntries(
        kind.value.elements.map((element, index) => [fields[index]?.name ?? `_${index + 1}`, valueOfLiteral(element)]),
      );
    }
    default:
      return kind.value;
  }
}
