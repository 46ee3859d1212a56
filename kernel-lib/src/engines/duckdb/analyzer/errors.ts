// The analyzer's error conditions, with Spark's own sentences and parameters.
import type { DataType } from "../../../sql/types/data-type.ts";
import { sqlName } from "../../../sql/types/index.ts";
import { SparkError } from "../../../sql/errors.ts";
import type { Attribute } from "../resolved/expression.ts";
import { nearestNames, quoteName } from "./names.ts";

function condition(name: string, sqlState: string, sentence: string, messageParameters: Record<string, string>) {
  return new SparkError(name, sentence, { sqlState, messageParameters });
}

/** Names that tell the attributes apart, as short as the name that was given allows. */
function suggestions(parts: readonly string[], among: readonly Attribute[]): string[] {
  const full = among.map((attribute) => [...attribute.qualifier, attribute.name]);
  const oneBefore = (count: number): boolean =>
    new Set(full.map((name) => JSON.stringify(name.slice(0, -count)))).size === 1;
  const kept = parts.length === 1 && oneBefore(1) ? 1 : parts.length <= 2 && oneBefore(2) ? 2 : Infinity;
  return [...new Set(full.map((name) => quoteName(name.slice(-kept))))];
}

/** Names with what stands before each. */
function candidates(attributes: readonly Attribute[]): string[][] {
  return attributes.map((attribute) => [...attribute.qualifier.slice(-1), attribute.name]);
}

export function unresolvedColumn(parts: readonly string[], among: readonly Attribute[]): SparkError {
  const objectName = quoteName(parts);
  const sentence = `A column, variable, or function parameter with name ${objectName} cannot be resolved.`;
  if (among.length === 0) return condition("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", "42703", sentence, { objectName });
  const proposal = nearestNames(parts.join("."), suggestions(parts, among)).slice(0, 5).join(", ");
  return condition(
    "UNRESOLVED_COLUMN.WITH_SUGGESTION",
    "42703",
    `${sentence} Did you mean one of the following? [${proposal}].`,
    { objectName, proposal },
  );
}

export function schemaNotFound(name: string): SparkError {
  const schemaName = quoteName(["spark_catalog", name]);
  return condition(
    "SCHEMA_NOT_FOUND",
    "42704",
    `The schema ${schemaName} cannot be found. Verify the spelling and correctness of the schema and catalog. If you did not qualify the name with a catalog, verify the current_schema() output, or qualify the name with the correct catalog. To tolerate the error on drop use DROP SCHEMA IF EXISTS.`,
    { schemaName },
  );
}

export function ambiguousReference(parts: readonly string[], matches: readonly Attribute[]): SparkError {
  const name = quoteName(parts);
  const referenceNames = `[${candidates(matches).map(quoteName).join(", ")}]`;
  return condition("AMBIGUOUS_REFERENCE", "42704", `Reference ${name} is ambiguous, could be: ${referenceNames}.`, {
    name,
    referenceNames,
  });
}

export function ambiguousDataFrameColumn(name: string): SparkError {
  const quoted = `"${name}"`;
  return condition(
    "AMBIGUOUS_COLUMN_REFERENCE",
    "42702",
    `Column ${quoted} is ambiguous. It's because you joined several DataFrame together, and some of these DataFrames are the same. This column points to one of the DataFrames but Spark is unable to figure out which one. Please alias the DataFrames with different names via \`DataFrame.alias\` before joining them, and specify the column using qualified name, e.g. \`df.alias("a").join(df.alias("b"), col("a.id") > col("b.id"))\`.`,
    { name: quoted },
  );
}

export function unresolvedDataFrameColumn(name: string): SparkError {
  const quoted = `"${name}"`;
  return condition(
    "CANNOT_RESOLVE_DATAFRAME_COLUMN",
    "42704",
    `Cannot resolve dataframe column ${quoted}. It's probably because of illegal references like \`df1.select(df2.col("a"))\`.`,
    { name: quoted },
  );
}

export function unresolvedRoutine(parts: readonly string[]): SparkError {
  const routineName = quoteName(parts);
  const searchPath = "[`system`.`builtin`, `system`.`session`, `spark_catalog`.`default`]";
  return condition(
    "UNRESOLVED_ROUTINE",
    "42883",
    `Cannot resolve routine ${routineName} on search path ${searchPath}.`,
    { routineName, searchPath },
  );
}

export function tableNotFound(parts: readonly string[]): SparkError {
  const relationName = quoteName(parts);
  return condition(
    "TABLE_OR_VIEW_NOT_FOUND",
    "42P01",
    `The table or view ${relationName} cannot be found. Verify the spelling and correctness of the schema and catalog. If you did not qualify the name with a schema, verify the current_schema() output, or qualify the name with the correct schema and catalog. To tolerate the error on drop use DROP VIEW IF EXISTS or DROP TABLE IF EXISTS.`,
    { relationName },
  );
}

/** `kind` is what follows DATATYPE_MISMATCH. */
export function mismatch(
  kind: string,
  sqlExpr: string,
  reason: string,
  parameters: Record<string, string> = {},
): SparkError {
  return condition(
    `DATATYPE_MISMATCH.${kind}`,
    "42K09",
    `Cannot resolve "${sqlExpr}" due to data type mismatch: ${reason}`,
    { sqlExpr: `"${sqlExpr}"`, ...parameters },
  );
}

export function invalidOrdering(sqlExpr: string, type: DataType): SparkError {
  const dataType = `"${sqlName(type)}"`;
  return mismatch(
    "INVALID_ORDERING_TYPE",
    sqlExpr,
    `The \`sortorder\` does not support ordering on type ${dataType}.`,
    {
      functionName: "`sortorder`",
      dataType,
    },
  );
}

export function filterNotBoolean(sqlExpr: string, type: DataType): SparkError {
  const quoted = `"${sqlName(type)}"`;
  return condition(
    "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN",
    "42K09",
    `Cannot resolve "${sqlExpr}" due to data type mismatch: Filter expression must be boolean, but is ${quoted}.`,
    { sqlExpr: `"${sqlExpr}"`, filter: `"${sqlExpr}"`, type: quoted },
  );
}

export function joinConditionNotBoolean(sqlExpr: string, type: DataType): SparkError {
  return condition(
    "JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE",
    "42K0E",
    `The join condition "${sqlExpr}" has the invalid type "${sqlName(type)}", expected "BOOLEAN".`,
    { joinCondition: `"${sqlExpr}"`, conditionType: `"${sqlName(type)}"` },
  );
}

export function fieldNotFound(field: string, fields: readonly string[]): SparkError {
  const fieldName = quoteName([field]);
  const names = fields.map((name) => quoteName([name])).join(", ");
  return condition("FIELD_NOT_FOUND", "42704", `No such struct field ${fieldName} in ${names}.`, {
    fieldName,
    fields: names,
  });
}

export function missingAggregation(expression: string): SparkError {
  const expressionAnyValue = `"any_value(${expression})"`;
  return condition(
    "MISSING_AGGREGATION",
    "42803",
    `The non-aggregating expression "${expression}" is based on columns which are not participating in the GROUP BY clause.\nAdd the columns or the expression to the GROUP BY, aggregate the expression, or use ${expressionAnyValue} if you do not care which of the values within a group is returned.`,
    { expression: `"${expression}"`, expressionAnyValue },
  );
}

export function missingGroupBy(): SparkError {
  return condition(
    "MISSING_GROUP_BY",
    "42803",
    "The query does not include a GROUP BY clause. Add GROUP BY or turn it into the window functions using OVER clauses.",
    {},
  );
}

export function columnAlreadyExists(name: string): SparkError {
  const columnName = quoteName([name.toLowerCase()]);
  return condition(
    "COLUMN_ALREADY_EXISTS",
    "42711",
    `The column ${columnName} already exists. Choose another name or rename the existing column.`,
    { columnName },
  );
}

const ordinals = [
  "zeroth",
  "first",
  "second",
  "third",
  "fourth",
  "fifth",
  "sixth",
  "seventh",
  "eighth",
  "ninth",
  "tenth",
];

export function ordinalWord(number: number): string {
  return ordinals[number] ?? `${number}th`;
}

export function numColumnsMismatch(operator: string, first: number, invalid: number): SparkError {
  return condition(
    "NUM_COLUMNS_MISMATCH",
    "42826",
    `${operator} can only be performed on inputs with the same number of columns, but the first input has ${first} columns and the second input has ${invalid} columns.`,
    {
      operator,
      firstNumColumns: String(first),
      invalidOrdinalNum: "second",
      invalidNumColumns: String(invalid),
    },
  );
}

export function missingInUnion(colName: string, among: readonly Attribute[]): SparkError {
  const fieldNames = among.map((attribute) => attribute.name).join(", ");
  return new SparkError("_LEGACY_ERROR_TEMP_1201", `Cannot resolve column name "${colName}" among (${fieldNames}).`, {
    messageParameters: { colName, fieldNames },
  });
}

export function incompatibleColumnType(
  operator: string,
  position: number,
  invalid: DataType,
  expected: DataType,
): SparkError {
  const parameters = {
    operator,
    columnOrdinalNumber: ordinalWord(position),
    tableOrdinalNumber: "second",
    dataType1: `"${sqlName(invalid)}"`,
    dataType2: `"${sqlName(expected)}"`,
    hint: "",
  };
  return condition(
    "INCOMPATIBLE_COLUMN_TYPE",
    "42825",
    `${operator} can only be performed on tables with compatible column types. The ${parameters.columnOrdinalNumber} column of the second table is ${parameters.dataType1} type which is not compatible with ${parameters.dataType2} at the same column of the first table..`,
    parameters,
  );
}

export function invalidExtractBase(base: string, type: DataType): SparkError {
  return condition(
    "INVALID_EXTRACT_BASE_FIELD_TYPE",
    "42000",
    `Can't extract a value from "${base}". Need a complex type [STRUCT, ARRAY, MAP] but got "${sqlName(type)}".`,
    { base: `"${base}"`, other: `"${sqlName(type)}"` },
  );
}

export function nestedAggregate(): SparkError {
  return condition(
    "NESTED_AGGREGATE_FUNCTION",
    "42607",
    "It is not allowed to use an aggregate function in the argument of another aggregate function. Please use the inner aggregate function in a sub-query.",
    {},
  );
}

export function invalidWhere(sqlExpr: string, expressions: readonly string[]): SparkError {
  const expressionList = expressions.join(", ");
  return condition(
    "INVALID_WHERE_CONDITION",
    "42903",
    `The WHERE condition contains invalid expressions: ${expressionList}.\nRewrite the query to avoid window functions, aggregate functions, and generator functions in the WHERE clause.`,
    { condition: `"${sqlExpr}"`, expressionList },
  );
}

export function aliasCount(aliases: readonly string[], outputs: number): SparkError {
  const aliasesNames = aliases.join(",");
  return condition(
    "UDTF_ALIAS_NUMBER_MISMATCH",
    "42802",
    `The number of aliases supplied in the AS clause does not match the number of columns output by the UDTF. Expected ${outputs} aliases, but got ${aliasesNames}.`,
    { aliasesSize: String(outputs), aliasesNames },
  );
}

export function nestedGenerator(expression: string): SparkError {
  return condition(
    "UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS",
    "42K0E",
    `The generator is not supported: nested in expressions "${expression}".`,
    { expression: `"${expression}"` },
  );
}

export function assignmentArity(columns: number, target: number): SparkError {
  return condition(
    "ASSIGNMENT_ARITY_MISMATCH",
    "42802",
    `The number of columns or variables assigned or aliased: ${columns} does not match the number of source expressions: ${target}.`,
    { numExpr: String(target), numTarget: String(columns) },
  );
}
