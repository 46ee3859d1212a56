// Functions that take lambdas.
import type { DataType } from "../../../sql/types/data-type.ts";
import type { Expression } from "../resolved/expression.ts";
import { duckdbType } from "../types.ts";
import { sortNullsLast, elementOf } from "./collection.ts";
import type { EmitContext, FunctionDefinition, LambdaParameter, ResolveContext } from "./definition.ts";
import { BOOLEAN, INT, arrayOf, mapOf, sameType } from "./kinds.ts";
import { anyNullable, checkCount, typeOf } from "./makers.ts";
import { apply, lambdaAt } from "./lambda.ts";
import { bind, whenNone } from "./sql-text.ts";
import { checkedMap } from "./struct.ts";
import { unexpectedInput } from "./type-errors.ts";

type Args = readonly (Expression | undefined)[];

function elementParameter(name: string, arg: Expression | undefined): LambdaParameter {
  const type = arg?.dataType;
  if (type?.kind !== "array") throw unexpectedInput(name, 0, `"ARRAY"`, type ?? { kind: "null" });
  return { dataType: type.elementType, nullable: type.containsNull };
}

function entryParameters(name: string, arg: Expression | undefined): LambdaParameter[] {
  const type = arg?.dataType;
  if (type?.kind !== "map") throw unexpectedInput(name, 0, `"MAP"`, type ?? { kind: "null" });
  return [
    { dataType: type.keyType, nullable: false },
    { dataType: type.valueType, nullable: type.valueContainsNull },
  ];
}

interface ArrayRow {
  readonly name: string;
  readonly parameters: (args: Args) => readonly LambdaParameter[];
  readonly result: (args: readonly Expression[], body: Expression) => { dataType: DataType; nullable: boolean };
  /** Whether the lambda must answer true or false. */
  readonly predicate?: boolean;
  readonly emit: (args: readonly string[], call: readonly Expression[], context: EmitContext) => string;
}

/** A function of one collection and one lambda, which comes last. */
const withLambda = (row: ArrayRow): FunctionDefinition => ({
  name: row.name,
  kind: "scalar",
  lambdaParameters: (args) =>
    args.map((arg, i) => (i === args.length - 1 && arg === undefined ? row.parameters(args) : undefined)),
  resolve(args, context) {
    const lambda = lambdaAt(args, args.length - 1);
    const body = row.predicate ? asBoolean(row.name, lambda.body, context) : lambda.body;
    const all = [...args.slice(0, -1), { ...lambda, body, dataType: body.dataType, nullable: body.nullable }];
    return { args: all, ...row.result(args, body) };
  },
  emit: (args, call, context) => row.emit(args, call.args, context),
});

function asBoolean(name: string, body: Expression, context: ResolveContext): Expression {
  if (body.dataType.kind !== "boolean" && body.dataType.kind !== "null" && body.dataType.kind !== "string")
    throw unexpectedInput(name, 1, `"BOOLEAN"`, body.dataType);
  return context.coerce(body, BOOLEAN);
}

/** The elements' answers: of one parameter directly, of element and index by binding both. */
function answers(list: string, args: readonly Expression[], context: EmitContext): string {
  const lambda = lambdaAt(args, 1);
  const [element, index] = lambda.parameters;
  if (index === undefined) return `list_transform(${list}, lambda ${element?.id}: ${context.sql(lambda.body)})`;
  const [e, i] = [context.fresh("e"), context.fresh("i")];
  return `list_transform(${list}, lambda ${e}, ${i}: ${apply(lambda, [e, `CAST(${i} - 1 AS INTEGER)`], context)})`;
}

const indexed =
  (name: string) =>
  (args: Args): LambdaParameter[] => [elementParameter(name, args[0]), { dataType: INT, nullable: false }];
const ofElement =
  (name: string) =>
  (args: Args): LambdaParameter[] => [elementParameter(name, args[0])];
const collectionNullable = (args: readonly Expression[]): boolean => args[0]?.nullable ?? true;

const filter = withLambda({
  name: "filter",
  parameters: indexed("filter"),
  predicate: true,
  result: (args) => ({ dataType: typeOf(args, 0), nullable: collectionNullable(args) }),
  emit([list = ""], args, context) {
    const lambda = lambdaAt(args, 1);
    const [element, index] = lambda.parameters;
    if (index === undefined) return `list_filter(${list}, lambda ${element?.id}: ${context.sql(lambda.body)})`;
    const [e, i] = [context.fresh("e"), context.fresh("i")];
    return `list_filter(${list}, lambda ${e}, ${i}: ${apply(lambda, [e, `CAST(${i} - 1 AS INTEGER)`], context)})`;
  },
});

/** Three-valued: the wanted answer wins, then null, then the other. */
const quantifier = (name: string, wanted: boolean): FunctionDefinition =>
  withLambda({
    name,
    parameters: ofElement(name),
    predicate: true,
    result: () => ({ dataType: BOOLEAN, nullable: true }),
    emit: ([list = ""], args, context) =>
      bind(
        context,
        [answers(list, args, context)],
        (x) =>
          `CASE WHEN ${x} IS NULL THEN NULL WHEN list_contains(${x}, ${wanted}) THEN ${wanted} WHEN list_position(${x}, NULL) > 0 THEN NULL ELSE ${!wanted} END`,
      ),
  });

const zipWith: FunctionDefinition = {
  name: "zip_with",
  kind: "scalar",
  lambdaParameters: (args) => [
    undefined,
    undefined,
    [
      { ...elementParameter("zip_with", args[0]), nullable: true },
      { ...elementParameter("zip_with", args[1]), nullable: true },
    ],
  ],
  resolve(args) {
    checkCount("zip_with", args.length, 3, 3);
    const { body } = lambdaAt(args, 2);
    return { args, dataType: arrayOf(body.dataType, body.nullable), nullable: anyNullable(args.slice(0, 2)) };
  },
  emit([left = "", right = ""], call, context) {
    const lambda = lambdaAt(call.args, 2);
    const i = context.fresh("i");
    return bind(context, [left, right], (a, b) =>
      whenNone(
        [a, b],
        `list_transform(generate_series(1, greatest(len(${a}), len(${b}))), lambda ${i}: ${apply(lambda, [`${a}[${i}]`, `${b}[${i}]`], context)})`,
      ),
    );
  },
};

const aggregate = (name: "aggregate" | "reduce"): FunctionDefinition => ({
  name,
  kind: "scalar",
  lambdaParameters(args) {
    const [, zero, merge] = args;
    const accumulator = zero && { dataType: zero.dataType, nullable: true };
    return [
      undefined,
      undefined,
      accumulator && [accumulator, elementParameter(name, args[0])],
      merge && accumulator && args.length > 3 ? [accumulator] : undefined,
    ].slice(0, args.length);
  },
  resolve(args, context) {
    checkCount(name, args.length, 3, 4);
    const [list, zero] = args as [Expression, Expression];
    const merge = lambdaAt(args, 2);
    const finish = args.length > 3 ? lambdaAt(args, 3) : undefined;
    if (!sameType(merge.body.dataType, zero.dataType) && merge.body.dataType.kind !== "null") {
      const widened = context.coerce(merge.body, zero.dataType);
      const merged = { ...merge, body: widened, dataType: widened.dataType };
      return {
        args: [list, zero, merged, ...(finish ? [finish] : [])],
        dataType: finish?.body.dataType ?? zero.dataType,
        nullable: true,
      };
    }
    return { args, dataType: finish?.body.dataType ?? zero.dataType, nullable: true };
  },
  emit([list = "", zero = ""], call, context) {
    const merge = lambdaAt(call.args, 2);
    const state = duckdbType(typeOf(call.args, 1));
    const element = duckdbType(elementOf(call.args));
    const [e, p, q] = [context.fresh("e"), context.fresh("p"), context.fresh("q")];
    // DuckDB wants state and elements to have one type: a pair of both.
    const pairs = `list_transform(${list}, lambda ${e}: struct_pack(s := CAST(NULL AS ${state}), x := ${e}))`;
    const step = `struct_pack(s := CAST(${apply(merge, [`${p}.s`, `${q}.x`], context)} AS ${state}), x := CAST(NULL AS ${element}))`;
    const start = `struct_pack(s := CAST(${zero} AS ${state}), x := CAST(NULL AS ${element}))`;
    const reduced = `list_reduce(${pairs}, lambda ${p}, ${q}: ${step}, ${start}).s`;
    const finish = call.args[3];
    return finish?.kind === "lambda"
      ? bind(context, [list], (x) =>
          x === list ? whenNone([list], apply(finish, [reduced], context)) : apply(finish, [reduced], context),
        )
      : reduced;
  },
});

/** A comparator is more than DuckDB can sort by; without one nulls come last. */
const arraySort: FunctionDefinition = {
  name: "array_sort",
  kind: "scalar",
  resolve(args) {
    checkCount("array_sort", args.length, 1, 1);
    const [list] = args as [Expression];
    if (list.dataType.kind !== "array") throw unexpectedInput("array_sort", 0, `"ARRAY"`, list.dataType);
    return { args, dataType: list.dataType, nullable: list.nullable };
  },
  emit: ([list = ""], call, context) => sortNullsLast(list, elementOf(call.args), context),
  display: ([list]) =>
    `array_sort(${list}, lambdafunction((IF(((namedlambdavariable() IS NULL) AND (namedlambdavariable() IS NULL)), 0, (IF((namedlambdavariable() IS NULL), 1, (IF((namedlambdavariable() IS NULL), -1, (IF((namedlambdavariable() < namedlambdavariable()), -1, (IF((namedlambdavariable() > namedlambdavariable()), 1, 0)))))))))), namedlambdavariable(), namedlambdavariable()))`,
};

/** Keys or values made anew, or entries kept. */
const ofEntries = (name: "transform_keys" | "transform_values" | "map_filter"): FunctionDefinition =>
  withLambda({
    name,
    parameters: (args) => entryParameters(name, args[0]),
    predicate: name === "map_filter",
    result(args, body) {
      const type = typeOf(args, 0) as DataType & { kind: "map" };
      const nullable = collectionNullable(args);
      if (name === "map_filter") return { dataType: type, nullable };
      return {
        dataType:
          name === "transform_keys"
            ? mapOf(body.dataType, type.valueType, type.valueContainsNull)
            : mapOf(type.keyType, body.dataType, body.nullable),
        nullable,
      };
    },
    emit([map = ""], args, context) {
      const lambda = lambdaAt(args, 1);
      const e = context.fresh("e");
      const answer = apply(lambda, [`${e}.key`, `${e}.value`], context);
      if (name === "map_filter") return `map_from_entries(list_filter(map_entries(${map}), lambda ${e}: ${answer}))`;
      const made = `list_transform(map_entries(${map}), lambda ${e}: ${answer})`;
      return bind(context, [map, made], (x, parts) => {
        if (name === "transform_keys") return whenNone([x], checkedMap(parts, `map_values(${x})`, context));
        return whenNone([x], `MAP(map_keys(${x}), ${parts})`);
      });
    },
  });

export const higherOrderFunctions: FunctionDefinition[] = [
  withLambda({
    name: "transform",
    parameters: indexed("transform"),
    result: (args, body) => ({ dataType: arrayOf(body.dataType, body.nullable), nullable: collectionNullable(args) }),
    emit: ([list = ""], args, context) => answers(list, args, context),
  }),
  filter,
  quantifier("exists", true),
  quantifier("forall", false),
  zipWith,
  aggregate("aggregate"),
  aggregate("reduce"),
  arraySort,
  ofEntries("transform_keys"),
  ofEntries("transform_values"),
  ofEntries("map_filter"),
];
