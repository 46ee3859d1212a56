// The text of one CSV value as a value of its column's type, as Spark's CSV reader parses it: null when it cannot be.
import type { DataType } from "../../../sql/types/data-type.ts";
import { unsupported } from "../../../sql/errors.ts";
import { castSql } from "../casts/cast.ts";
import type { CastContext } from "../casts/context.ts";
import { duckdbType } from "../types.ts";

const STRING: DataType = { kind: "string" };

const DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
const TIME = "[ T](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,6})?";
/** A timestamp without an offset is left to the cast: its meaning is the session's time zone's. */
const USUAL = {
  date: DAY,
  timestamp: `${DAY}${TIME}(?:Z|[+-](?:0[0-9]|1[0-7]):[0-5][0-9])`,
  timestampNtz: `${DAY}${TIME}`,
};

/** SQL of the parsed value; `text` is the name of a VARCHAR column. */
export function csvValue(text: string, to: DataType, context: CastContext): string {
  const parsed = (pattern: string) =>
    `CASE WHEN regexp_full_match(${text}, '${pattern}') THEN TRY_CAST(${text} AS ${duckdbType(to)}) END`;
  switch (to.kind) {
    case "string":
      return text;
    case "byte":
    case "short":
    case "integer":
    case "long":
      // Without the white space that a cast allows.
      return parsed("[+-]?[0-9]+");
    case "decimal":
      return parsed("[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?");
    case "boolean":
      return `CASE lower(${text}) WHEN 'true' THEN true WHEN 'false' THEN false END`;
    case "float":
    case "double":
      return `CASE WHEN ${text} IS NULL THEN NULL WHEN ${text} = 'Inf' THEN 'infinity' WHEN ${text} = '-Inf' THEN '-infinity' ELSE ${castSql(text, STRING, to, "try", context)} END::${duckdbType(to)}`;
    case "date":
    case "timestamp":
    case "timestampNtz": {
      // The usual forms mean the same to DuckDB, which reads them ten times as fast.
      const type = duckdbType(to);
      const usual = `regexp_full_match(${text}, '${USUAL[to.kind]}')`;
      return `CASE WHEN ${usual} THEN TRY_CAST(${text} AS ${type}) ELSE ${castSql(text, STRING, to, "try", context)} END`;
    }
    default:
      throw unsupported(`A CSV column of the type ${to.kind}`, "Read it as STRING and convert it.");
  }
}
