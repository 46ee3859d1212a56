// What servers before Spark 4.0 lack. An older server passes over a field that it does not know, and would answer another
// question: so such a plan is told in the older way where there is one, and refused before it is sent where there is none.
import { create } from "@bufbuild/protobuf";
import type { SqlCommand } from "../../generated/spark/connect/commands_pb.ts";
import { SqlCommandSchema } from "../../generated/spark/connect/commands_pb.ts";
import type { Expression, Expression_Literal as Literal } from "../../generated/spark/connect/expressions_pb.ts";
import type { SQL, WithColumnsRenamed } from "../../generated/spark/connect/relations_pb.ts";
import { SQLSchema, WithColumnsRenamedSchema } from "../../generated/spark/connect/relations_pb.ts";
import { SparkError } from "../../sql/errors.ts";
import { rewriteMessage } from "./rewrite-message.ts";

interface Part {
  readonly $typeName?: string;
  readonly functionName?: string;
}

type Check = (message: never) => boolean;

/** By message: what a user calls the feature, and whether the message uses it. */
const NEW_IN_4: Readonly<Record<string, readonly [feature: string, used: Check]>> = {
  "spark.connect.Aggregate": [
    "groupingSets()",
    ({ groupingSets }: { groupingSets: unknown[] }) => groupingSets.length > 0,
  ],
  "spark.connect.Expression.Cast": ["try_cast()", ({ evalMode }: { evalMode: number }) => evalMode !== 0],
  "spark.connect.Expression.UnresolvedStar": ["Every column of one frame", has("planId")],
  "spark.connect.Expression.UnresolvedAttribute": ["A metadata column", has("isMetadataColumn")],
  "spark.connect.NamedArgumentExpression": ["A function's named argument", () => true],
  "spark.connect.DataType.Variant": ["The type VARIANT", () => true],
  "spark.connect.DataType.String": [
    "A collation",
    ({ collation }: { collation: string }) => !/^(UTF8_BINARY)?$/.test(collation),
  ],
  "spark.connect.WriteOperation": ["clusterBy()", has("clusteringColumns")],
  "spark.connect.WriteOperationV2": ["clusterBy()", has("clusteringColumns")],
  "spark.connect.AnalyzePlanRequest.JsonToDDL": ["A schema given as JSON text", () => true],
};

/** Functions that came with Spark 4.0. */
const FUNCTIONS_NEW_IN_4 = new Set(
  `collate collation dayname from_xml is_valid_utf8 is_variant_null listagg make_valid_utf8 monthname nullifzero parse_json
  randstr schema_of_variant schema_of_variant_agg schema_of_xml session_user string_agg to_variant_object to_xml
  try_make_interval try_make_timestamp try_make_timestamp_ltz try_make_timestamp_ntz try_mod try_parse_json try_parse_url
  try_reflect try_url_decode try_validate_utf8 try_variant_get uniform validate_utf8 variant_get zeroifnull`.split(
    /\s+/,
  ),
);

function has(field: string) {
  return (message: Record<string, unknown>): boolean => {
    const value = message[field];
    return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
  };
}

/** The major number of a version such as `3.5.5`. */
export function majorVersion(version: string): number {
  return Number(/^\d+/.exec(version)?.[0] ?? 4);
}

/**
 * A request's message as a server of that version understands it.
 *
 * @throws SparkError `UNSUPPORTED_FEATURE` that names what needs Spark 4.0
 */
export function fitVersion<T>(message: T, version: string): T {
  return majorVersion(version) >= 4 ? message : rewriteMessage(message, (part) => fit(part, version));
}

function fit(message: Part, version: string): object {
  check(message, version);
  return olderForm(message, version);
}

function check(message: Part, version: string): void {
  const [feature, used] = NEW_IN_4[message.$typeName ?? ""] ?? [];
  if (feature !== undefined && used?.(message as never)) throw needs4(feature, version);
  const { functionName = "" } = message;
  if (
    message.$typeName === "spark.connect.Expression.UnresolvedFunction" &&
    FUNCTIONS_NEW_IN_4.has(functionName.toLowerCase())
  ) {
    throw needs4(`The function ${functionName}`, version);
  }
}

function olderForm(message: Part, version: string): object {
  switch (message.$typeName) {
    case "spark.connect.SqlCommand":
      return create(SqlCommandSchema, {
        sql: (message as SqlCommand).sql,
        ...literalArguments(message as SqlCommand, version),
      });
    case "spark.connect.SQL":
      return create(SQLSchema, { query: (message as SQL).query, ...literalArguments(message as SQL, version) });
    case "spark.connect.WithColumnsRenamed": {
      const { input, renames } = message as WithColumnsRenamed;
      const renameColumnsMap = Object.fromEntries(renames.map(({ colName, newColName }) => [colName, newColName]));
      return create(WithColumnsRenamedSchema, { ...(input ? { input } : {}), renameColumnsMap });
    }
    default:
      return message;
  }
}

/** The parameters of a statement: before 4.0 they could only be plain values. */
function literalArguments({ args, posArgs, namedArguments, posArguments }: SqlCommand | SQL, version: string) {
  const named = Object.entries(namedArguments).map(([name, value]) => [name, literalOf(value, version)] as const);
  return {
    args: { ...args, ...Object.fromEntries(named) },
    posArgs: [...posArgs, ...posArguments.map((value) => literalOf(value, version))],
  };
}

function literalOf({ exprType }: Expression, version: string): Literal {
  if (exprType.case === "literal") return exprType.value;
  throw needs4("A parameter of sql() that is not a plain value", version);
}

function needs4(feature: string, version: string): SparkError {
  return new SparkError("UNSUPPORTED_FEATURE", `${feature} needs Spark 4.0, and this server is ${version}.`, {
    sqlState: "0A000",
  });
}
