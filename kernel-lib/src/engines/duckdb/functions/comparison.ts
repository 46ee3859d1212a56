// = <> < <= > >= <=>, IN and the tests for null and NaN.
import type { DataType } from "../../../sql/types/data-type.ts";
import { sqlName } from "../../../sql/types/index.ts";
import type { Expression } from "../resolved/expression.ts";
import { commonTypeOf, comparisonType } from "./coercion.ts";
import { decimalOfOperand, widerDecimal } from "./decimal-rules.ts";
import type { FunctionDefinition, ResolveContext } from "./definition.ts";
import { BOOLEAN, DOUBLE, FLOAT, hasMap, isIntegral, isNumeric, isOrderable } from "./kinds.ts";
import { anyNullable, checkCount, named, scalar } from "./makers.ts";
import { needsSortKey, sortKeySql } from "./sort-key.ts";
import { dataDifferentTypes, differentTypes, typeMismatch, unexpectedInput } from "./type-errors.ts";

/** Both operands in the type they are compared in. */
function comparable(
  name: string,
  left: Expression,
  right: Expression,
  context: ResolveContext,
): [Expression, Expression] {
  const [a, b] = [left.dataType, right.dataType];
  const type = operandType(left, right, context);
  if (!type) throw differentTypes(name, a, b);
  const equality =
    name === "=" || name === "==" || name === "<=>" || name === "!=" || name === "<>" || name === "equal_null";
  if (equality ? hasMap(type) : !isOrderable(type)) {
    throw typeMismatch(
      "INVALID_ORDERING_TYPE",
      name,
      `The \`${name}\` does not support ordering on type "${sqlName(type)}".`,
    );
  }
  return [context.coerce(left, type), context.coerce(right, type)];
}

function operandType(left: Expression, right: Expression, context: ResolveContext): DataType | undefined {
  const [a, b] = [left.dataType, right.dataType];
  const mixesInteger = (a.kind === "decimal" && isIntegral(b)) || (b.kind === "decimal" && isIntegral(a));
  if (mixesInteger) return widerDecimal(decimalOfOperand(left), decimalOfOperand(right));
  if (!context.ansi && a.kind === "boolean" && isNumeric(b)) return b;
  if (!context.ansi && b.kind === "boolean" && isNumeric(a)) return a;
  return comparisonType(a, b, context.ansi);
}

function comparison(names: string, shown: string, sql: string): FunctionDefinition[] {
  const nullSafe = shown === "<=>";
  return named(names, (name) => ({
    kind: "scalar",
    resolve(args, context) {
      checkCount(name, args.length, 2, 2);
      const both = comparable(name, args[0] as Expression, args[1] as Expression, context);
      return { args: both, dataType: BOOLEAN, nullable: !nullSafe && anyNullable(both) };
    },
    emit([left = "", right = ""], call, context) {
      const type = call.args[0]?.dataType;
      const isOrder = sql.includes("<") || sql.includes(">");
      if (!type || !isOrder || sql === "<>" || !needsSortKey(type)) return `(${left} ${sql} ${right})`;
      return `(${sortKeySql(left, type, context)} ${sql} ${sortKeySql(right, type, context)})`;
    },
    display: ([left, right]) =>
      name === "equal_null" ? `equal_null(${left}, ${right})` : `(${left} ${shown} ${right})`,
  }));
}

const membership: FunctionDefinition = {
  name: "in",
  kind: "scalar",
  resolve(args, context) {
    checkCount("in", args.length, 1, Infinity);
    const types = args.map((arg) => arg.dataType);
    const type = commonTypeOf(types, context.ansi);
    if (!type || hasMap(type)) throw dataDifferentTypes("in", types);
    return { args: args.map((arg) => context.coerce(arg, type)), dataType: BOOLEAN, nullable: anyNullable(args) };
  },
  emit: ([value, ...list]) =>
    list.length === 0 ? `CASE WHEN ${value} IS NULL THEN NULL ELSE false END` : `(${value} IN (${list.join(", ")}))`,
  display: ([value, ...list]) => `(${value} IN (${list.join(", ")}))`,
};

/** A boolean operand; strings are read as booleans in ANSI mode only. */
function asBoolean(name: string, arg: Expression, context: ResolveContext): Expression {
  const kind = arg.dataType.kind;
  if (kind === "boolean" || kind === "null" || (kind === "string" && context.ansi)) return context.coerce(arg, BOOLEAN);
  const actual = `"${sqlName(arg.dataType)}"`;
  if (name === "not" || name === "!") throw unexpectedInput(name, 0, `"BOOLEAN"`, arg.dataType);
  throw typeMismatch(
    "BINARY_OP_DIFF_TYPES",
    name,
    `the left and right operands of the binary operator have incompatible types ("BOOLEAN" and ${actual}).`,
  );
}

const connective = (name: "and" | "or"): FunctionDefinition => ({
  name,
  kind: "scalar",
  resolve(args, context) {
    checkCount(name, args.length, 2, Infinity);
    const all = args.map((arg) => asBoolean(name, arg, context));
    return { args: all, dataType: BOOLEAN, nullable: anyNullable(all) };
  },
  emit: (args) => `(${args.join(` ${name.toUpperCase()} `)})`,
  display: (args) => args.slice(1).reduce((left, right) => `(${left} ${name.toUpperCase()} ${right})`, args[0] ?? ""),
});

const negation = named("not !", (name) => ({
  kind: "scalar",
  resolve(args, context) {
    checkCount(name, args.length, 1, 1);
    const arg = asBoolean(name, args[0] as Expression, context);
    return { args: [arg], dataType: BOOLEAN, nullable: arg.nullable };
  },
  emit: ([value]) => `(NOT ${value})`,
  display: ([value]) => `(NOT ${value})`,
}));

const floating = (type: DataType): DataType | undefined => (type.kind === "float" ? FLOAT : DOUBLE);

export const comparisonFunctions: FunctionDefinition[] = [
  ...comparison("== =", "=", "="),
  ...comparison("!= <>", "<>", "<>").map((definition): FunctionDefinition => ({
    ...definition,
    display: ([left, right]) => `(NOT (${left} = ${right}))`,
  })),
  ...comparison("<", "<", "<"),
  ...comparison("<=", "<=", "<="),
  ...comparison(">", ">", ">"),
  ...comparison(">=", ">=", ">="),
  ...comparison("<=> equal_null", "<=>", "IS NOT DISTINCT FROM"),
  membership,
  connective("and"),
  connective("or"),
  ...negation,
  ...scalar({
    names: "isnull",
    parameters: [(type) => type],
    result: BOOLEAN,
    nullable: false,
    sql: "($1 IS NULL)",
    display: ([value]) => `(${value} IS NULL)`,
  }),
  ...scalar({
    names: "isnotnull",
    parameters: [(type) => type],
    result: BOOLEAN,
    nullable: false,
    sql: "($1 IS NOT NULL)",
    display: ([value]) => `(${value} IS NOT NULL)`,
  }),
  ...scalar({
    names: "isnan",
    parameters: [floating],
    result: BOOLEAN,
    nullable: false,
    sql: "coalesce(isnan($1), false)",
  }),
];
