// CASE, IF, COALESCE and the functions that choose among their arguments.
import type { Expression } from "../resolved/expression.ts";
import { comparisonType, toCommonType } from "./coercion.ts";
import type { FunctionDefinition, ResolveContext } from "./definition.ts";
import { BOOLEAN, DOUBLE, FLOAT, INT, isOrderable } from "./kinds.ts";
import { anyNullable, checkCount, constantOf, named, rows, typeOf } from "./makers.ts";
import { extremeOf, needsSortKey } from "./sort-key.ts";
import { bind } from "./sql-text.ts";
import { differentTypes, typeMismatch, wrongOperand } from "./type-errors.ts";

function condition(name: string, arg: Expression, context: ResolveContext): Expression {
  const kind = arg.dataType.kind;
  if (kind !== "boolean" && kind !== "null" && !(kind === "string" && context.ansi)) {
    throw typeMismatch("UNEXPECTED_INPUT_TYPE", name, `WHEN expressions should all be boolean type.`);
  }
  return context.coerce(arg, BOOLEAN);
}

/** Arguments are condition, value, condition, value … and at the end the value of ELSE, if there is one. */
const caseWhen = named("when casewhen", (name) => ({
  kind: "scalar",
  resolve(args, context) {
    checkCount(name, args.length, 2, Infinity);
    const hasElse = args.length % 2 === 1;
    const isValue = (i: number): boolean => i % 2 === 1 || (hasElse && i === args.length - 1);
    const values = toCommonType(
      "CASE WHEN",
      args.filter((_, i) => isValue(i)),
      context,
    );
    const rest = [...values.args];
    const all = args.map((arg, i) => (isValue(i) ? (rest.shift() as Expression) : condition(name, arg, context)));
    return { args: all, dataType: values.dataType, nullable: !hasElse || anyNullable(values.args) };
  },
  emit: (args) => caseText(args),
  display: (args) => caseText(args),
}));

function caseText(args: readonly string[]): string {
  const pairs = Math.floor(args.length / 2);
  const branches = Array.from({ length: pairs }, (_, i) => ` WHEN ${args[2 * i]} THEN ${args[2 * i + 1]}`).join("");
  return `CASE${branches}${args.length % 2 === 1 ? ` ELSE ${args.at(-1)}` : ""} END`;
}

const ifFunction: FunctionDefinition = {
  name: "if",
  kind: "scalar",
  resolve(args, context) {
    checkCount("if", args.length, 3, 3);
    const values = toCommonType("if", args.slice(1), context);
    const test = condition("if", args[0] as Expression, context);
    return { args: [test, ...values.args], dataType: values.dataType, nullable: anyNullable(values.args) };
  },
  emit: (args) => caseText(args),
  display: (args) => `(IF(${args.join(", ")}))`,
};

/** All arguments get one type; the result is null only when all are. */
const firstOf = (names: string, sql: string, least = 1, most = Infinity): FunctionDefinition[] =>
  named(names, (name) => ({
    kind: "scalar",
    resolve(args, context) {
      checkCount(name, args.length, least, most);
      const { args: all, dataType } = toCommonType(name, args, context);
      if (sql !== "coalesce" && !isOrderable(dataType)) throw wrongOperand(name, "an orderable type", dataType);
      return { args: all, dataType, nullable: all.every((arg) => arg.nullable) };
    },
    emit(args, call, context) {
      if (sql === "coalesce" || !needsSortKey(call.dataType)) return `${sql}(${args.join(", ")})`;
      return bind(context, [`[${args.join(", ")}]`], (list) =>
        extremeOf(list, sql === "greatest", call.dataType, context),
      );
    },
  }));

const nullif: FunctionDefinition = {
  name: "nullif",
  kind: "scalar",
  resolve(args, context) {
    checkCount("nullif", args.length, 2, 2);
    const [left, right] = args as [Expression, Expression];
    const type = comparisonType(left.dataType, right.dataType, context.ansi);
    if (!type) throw differentTypes("nullif", left.dataType, right.dataType);
    return {
      args: [left, context.coerce(left, type), context.coerce(right, type)],
      dataType: left.dataType,
      nullable: true,
    };
  },
  emit([value = "", left = "", right = ""], _call, context) {
    if (value !== left) return `CASE WHEN ${left} = ${right} THEN NULL ELSE ${value} END`;
    return bind(context, [value], (x) => `CASE WHEN ${x} = ${right} THEN NULL ELSE ${x} END`);
  },
  display: ([value, , other]) => `nullif(${value}, ${other})`,
};

const nvl2: FunctionDefinition = {
  name: "nvl2",
  kind: "scalar",
  resolve(args, context) {
    checkCount("nvl2", args.length, 3, 3);
    const values = toCommonType("nvl2", args.slice(1), context);
    return {
      args: [args[0] as Expression, ...values.args],
      dataType: values.dataType,
      nullable: anyNullable(values.args),
    };
  },
  emit: ([test, some, none]) => `CASE WHEN ${test} IS NOT NULL THEN ${some} ELSE ${none} END`,
};

/** `coalesce(value, 0)`, in the type that the two have in common. */
const zeroIfNull: FunctionDefinition = {
  name: "zeroifnull",
  kind: "scalar",
  resolve(args, context) {
    checkCount("zeroifnull", args.length, 1, 1);
    const common = toCommonType("zeroifnull", [...args, constantOf(0, INT)], context);
    return { args: common.args, dataType: common.dataType, nullable: false };
  },
  emit: (args) => `coalesce(${args.join(", ")})`,
  display: ([value]) => `zeroifnull(${value})`,
};

export const conditionalFunctions: FunctionDefinition[] = [
  ...caseWhen,
  ifFunction,
  ...firstOf("coalesce", "coalesce"),
  ...firstOf("ifnull nvl", "coalesce", 2, 2),
  ...firstOf("greatest", "greatest", 2),
  ...firstOf("least", "least", 2),
  nullif,
  nvl2,
  ...rows({
    names: "nanvl",
    parameters: [
      (type) => (type.kind === "float" ? FLOAT : DOUBLE),
      (type) => (type.kind === "float" ? FLOAT : DOUBLE),
    ],
    result: (args) => (typeOf(args, 0).kind === "float" && typeOf(args, 1).kind === "float" ? FLOAT : DOUBLE),
    sql: "CASE WHEN isnan($1) THEN $2 ELSE $1 END",
  }),
  ...rows({
    names: "nullifzero",
    parameters: [(type) => type],
    result: (args) => typeOf(args, 0),
    nullable: true,
    sql: "CASE WHEN $1 = 0 THEN NULL ELSE $1 END",
  }),
  zeroIfNull,
];
