// Functions of arrays.
import type { ArrayType, DataType } from "../../../sql/types/data-type.ts";
import { sqlName } from "../../../sql/types/index.ts";
import type { Expression } from "../resolved/expression.ts";
import { duckdbType } from "../types.ts";
import { commonType } from "./coercion.ts";
import type { EmitContext, FunctionDefinition, ResolveContext } from "./definition.ts";
import { BOOLEAN, INT, LONG, STRING, arrayOf, isOrderable, structOf } from "./kinds.ts";
import { anyNullable, checkCount, constantOf, named, rows, typeOf } from "./makers.ts";
import type { Emit, Parameter } from "./makers.ts";
import { extremeOf, needsSortKey, sortKeySql } from "./sort-key.ts";
import { bind, whenNone } from "./sql-text.ts";
import { typeMismatch, unexpectedInput } from "./type-errors.ts";
import { fieldName, packed } from "./struct.ts";

export const ARRAY: Parameter = (type) =>
  type.kind === "array" ? type : type.kind === "null" ? arrayOf(type) : undefined;
const ARRAY_OR_MAP: Parameter = (type) =>
  type.kind === "map" ? type : typeof ARRAY === "function" ? ARRAY(type, true) : undefined;

export function elementOf(args: readonly Expression[], position = 0): DataType {
  const type = typeOf(args, position);
  return type.kind === "array" ? type.elementType : type;
}

const sameAsFirst = (args: readonly Expression[]): DataType => typeOf(args, 0);

/** The array and a value for it, in the type both can take. */
function withElement(
  name: string,
  args: readonly Expression[],
  context: ResolveContext,
): [Expression, Expression, ArrayType] {
  const [array, value] = args as [Expression, Expression];
  const type = array.dataType;
  if (type.kind !== "array") throw unexpectedInput(name, 0, `"ARRAY"`, type);
  const element = commonType(type.elementType, value.dataType, context.ansi);
  if (!element) {
    throw typeMismatch(
      "ARRAY_FUNCTION_DIFF_TYPES",
      name,
      `Input to \`${name}\` should have been "ARRAY" followed by a value with same element type, but it's ["${sqlName(type)}", "${sqlName(value.dataType)}"].`,
    );
  }
  const wanted = arrayOf(element, type.containsNull);
  return [context.coerce(array, wanted), context.coerce(value, element), wanted];
}

interface ElementRow {
  /** Whether a null without a type may be the value. */
  readonly takesNull?: boolean;
  readonly names: string;
  readonly result: DataType | ((type: ArrayType, value: Expression) => DataType);
  readonly nullable?: (array: Expression, value: Expression) => boolean;
  /** SQL of names that may be repeated. */
  readonly sql: (array: string, value: string, context: EmitContext) => string;
}

const elementFunction = (row: ElementRow): FunctionDefinition[] =>
  named(row.names, (name) => ({
    kind: "scalar",
    resolve(args, context) {
      checkCount(name, args.length, 2, 2);
      if (args[1]?.dataType.kind === "null" && !row.takesNull)
        throw typeMismatch("NULL_TYPE", name, `Null typed values cannot be used as arguments of \`${name}\`.`);
      const [array, value, type] = withElement(name, args, context);
      const dataType = typeof row.result === "function" ? row.result(type, value) : row.result;
      return {
        args: [array, value],
        dataType,
        nullable: row.nullable ? row.nullable(array, value) : array.nullable || value.nullable,
      };
    },
    emit: (args, _call, context) => bind(context, args, (array, value) => row.sql(array, value, context)),
  }));

/** The elements of `x` that are there for the first time; null counts as one value. */
function firstOnes(x: string, context: EmitContext): string {
  const [e, i] = [context.fresh("e"), context.fresh("i")];
  return `list_filter(${x}, lambda ${e}, ${i}: list_position(${x}, ${e}) = ${i})`;
}

const setFunction = (
  name: string,
  nullsOf: (a: ArrayType, b: ArrayType) => boolean,
  sql: (a: string, b: string, context: EmitContext) => string,
): FunctionDefinition => ({
  name,
  kind: "scalar",
  resolve(args, context) {
    checkCount(name, args.length, 2, 2);
    const [a, b] = args as [Expression, Expression];
    const type = commonType(a.dataType, b.dataType, context.ansi);
    if (type?.kind !== "array") {
      throw typeMismatch(
        "BINARY_ARRAY_DIFF_TYPES",
        name,
        `Input to function \`${name}\` should have been two "ARRAY" with same element type, but it's ["${sqlName(a.dataType)}", "${sqlName(b.dataType)}"].`,
      );
    }
    const both = [context.coerce(a, type), context.coerce(b, type)] as const;
    const dataType = arrayOf(type.elementType, nullsOf(both[0].dataType as ArrayType, both[1].dataType as ArrayType));
    return { args: both, dataType, nullable: anyNullable(both) };
  },
  emit: (args, _call, context) => bind(context, args, (a, b) => whenNone([a, b], sql(a, b, context))),
});

const within = (list: string, element: string): string => `coalesce(list_position(${list}, ${element}), 0) > 0`;

/** Sorted by DuckDB, through keys where nulls may be within the elements. */
function sorted(list: string, type: DataType, ascending: boolean, nullsFirst: boolean, context: EmitContext): string {
  const order = `'${ascending ? "ASC" : "DESC"}', 'NULLS ${nullsFirst ? "FIRST" : "LAST"}'`;
  if (!needsSortKey(type)) return `list_sort(${list}, ${order})`;
  return bind(context, [list], (x) => {
    const e = context.fresh("e");
    // A null element sorts where nulls go: its key is null.
    const key = `CASE WHEN ${e} IS NULL THEN NULL ELSE ${sortKeySql(e, type, context)} END`;
    const positions = `list_grade_up(list_transform(${x}, lambda ${e}: ${key}), ${order})`;
    // Keys cost far more than the sort, and most arrays of grouped rows have one element.
    return `CASE WHEN len(${x}) < 2 THEN ${x} ELSE list_select(${x}, ${positions}) END`;
  });
}

const sortArray: FunctionDefinition = {
  name: "sort_array",
  kind: "scalar",
  resolve(args, context) {
    checkCount("sort_array", args.length, 1, 2);
    const [array, ascending = constantOf(true, BOOLEAN)] = args as [Expression, Expression | undefined];
    if (array.dataType.kind !== "array") throw unexpectedInput("sort_array", 0, `"ARRAY"`, array.dataType);
    if (!isOrderable(array.dataType))
      throw typeMismatch(
        "INVALID_ORDERING_TYPE",
        "sort_array",
        `The \`sort_array\` does not support ordering on type "${sqlName(array.dataType)}".`,
      );
    return { args: [array, context.coerce(ascending, BOOLEAN)], dataType: array.dataType, nullable: array.nullable };
  },
  emit([array = "", ascending = ""], call, context) {
    const order = call.args[1];
    const type = elementOf(call.args);
    if (order?.kind === "literal") {
      const up = order.value === true;
      return sorted(array, type, up, up, context);
    }
    return bind(
      context,
      [array],
      (x) =>
        `CASE WHEN ${ascending} THEN ${sorted(x, type, true, true, context)} ELSE ${sorted(x, type, false, false, context)} END`,
    );
  },
  display: (args) => `sort_array(${[...args, "true"].slice(0, 2).join(", ")})`,
};

/** array_sort without a comparator: nulls last. */
export const sortNullsLast = (list: string, type: DataType, context: EmitContext): string =>
  sorted(list, type, true, false, context);

const slice: Emit = (args, context) =>
  bind(context, args, (list, start, count) => {
    const zero = context.raise(
      "INVALID_PARAMETER_VALUE.START",
      "22023",
      "'The value of parameter(s) `start` in `slice` is invalid: Expects a positive or a negative value for `start`, but got 0.'",
    );
    const negative = context.raise(
      "INVALID_PARAMETER_VALUE.LENGTH",
      "22023",
      `'The value of parameter(s) \`length\` in \`slice\` is invalid: Expects \`length\` greater than or equal to 0, but got ' || ${count} || '.'`,
    );
    const from = `CASE WHEN ${start} > 0 THEN ${start} ELSE len(${list}) + ${start} + 1 END`;
    return whenNone(
      [list, start, count],
      `CASE WHEN ${start} = 0 THEN ${zero} WHEN ${count} < 0 THEN ${negative} WHEN ${from} < 1 THEN ${list}[1:0] ELSE list_slice(${list}, ${from}, ${from} + ${count} - 1) END`,
    );
  });

const zip: FunctionDefinition = {
  name: "arrays_zip",
  kind: "scalar",
  resolve(args) {
    for (const [i, arg] of args.entries())
      if (arg.dataType.kind !== "array") throw unexpectedInput("arrays_zip", i, `"ARRAY"`, arg.dataType);
    const fields = args.map((arg, i) => {
      const name = fieldName(arg, i);
      return [
        /^col\d+$/.test(name) && arg.kind !== "attribute" && arg.kind !== "alias" ? `${i}` : name,
        elementOf(args, i),
        true,
      ] as const;
    });
    return { args, dataType: arrayOf(structOf(...fields), false), nullable: anyNullable(args) };
  },
  emit(args, call, context) {
    if (args.length === 0) return `CAST([] AS ${duckdbType(call.dataType)})`;
    const i = context.fresh("i");
    return bind(context, args, (...lists) => {
      const longest = `greatest(${lists.map((list) => `len(${list})`).join(", ")})`;
      return whenNone(
        lists,
        `list_transform(generate_series(1, ${longest}), lambda ${i}: ${packed(lists.map((list) => `${list}[${i}]`))})`,
      );
    });
  },
};

export const collectionFunctions: FunctionDefinition[] = [
  ...elementFunction({
    names: "array_contains",
    result: BOOLEAN,
    nullable: (array, value) => array.nullable || value.nullable || (array.dataType as ArrayType).containsNull,
    sql: (x, v) =>
      `CASE WHEN ${x} IS NULL OR ${v} IS NULL THEN NULL WHEN list_contains(${x}, ${v}) THEN true WHEN list_position(${x}, NULL) > 0 THEN NULL ELSE false END`,
  }),
  ...elementFunction({
    names: "array_position",
    result: LONG,
    sql: (x, v) => whenNone([x, v], `CAST(coalesce(list_position(${x}, ${v}), 0) AS BIGINT)`),
  }),
  ...elementFunction({
    names: "array_remove",
    result: (type) => type,
    sql(x, v, context) {
      const e = context.fresh("e");
      return whenNone([x, v], `list_filter(${x}, lambda ${e}: ${e} IS DISTINCT FROM ${v})`);
    },
  }),
  ...elementFunction({
    names: "array_append",
    takesNull: true,
    result: (type, value) => arrayOf(type.elementType, type.containsNull || value.nullable),
    nullable: (array) => array.nullable,
    sql: (x, v) => whenNone([x], `list_concat(${x}, [${v}])`),
  }),
  ...elementFunction({
    names: "array_prepend",
    takesNull: true,
    result: (type, value) => arrayOf(type.elementType, type.containsNull || value.nullable),
    nullable: (array) => array.nullable,
    sql: (x, v) => whenNone([x], `list_concat([${v}], ${x})`),
  }),
  setFunction(
    "array_union",
    (a, b) => a.containsNull || b.containsNull,
    (a, b, context) => bind(context, [`list_concat(${a}, ${b})`], (x) => firstOnes(x, context)),
  ),
  setFunction(
    "array_intersect",
    (a, b) => a.containsNull && b.containsNull,
    (a, b, context) => {
      const e = context.fresh("e");
      return `list_filter(${firstOnes(a, context)}, lambda ${e}: ${within(b, e)})`;
    },
  ),
  setFunction(
    "array_except",
    (a) => a.containsNull,
    (a, b, context) => {
      const e = context.fresh("e");
      return `list_filter(${firstOnes(a, context)}, lambda ${e}: NOT ${within(b, e)})`;
    },
  ),
  {
    ...setFunction(
      "arrays_overlap",
      () => true,
      (a, b) =>
        `CASE WHEN list_has_any(${a}, ${b}) THEN true WHEN len(${a}) > 0 AND len(${b}) > 0 AND (list_position(${a}, NULL) > 0 OR list_position(${b}, NULL) > 0) THEN NULL ELSE false END`,
    ),
    resolve: (args, context) => ({
      ...setFunction(
        "arrays_overlap",
        () => true,
        () => "",
      ).resolve(args, context),
      dataType: BOOLEAN,
      nullable: true,
    }),
  },
  sortArray,
  zip,
  ...rows(
    {
      names: "size cardinality",
      parameters: [ARRAY_OR_MAP],
      result: INT,
      nullable: (args, { ansi }) => ansi && anyNullable(args),
      sql: ([x], context, call) => {
        const size = `CAST(${typeOf(call.args, 0).kind === "map" ? "cardinality" : "len"}(${x}) AS INTEGER)`;
        return context.ansi ? size : `coalesce(${size}, -1)`;
      },
    },
    { names: "array_size", parameters: [ARRAY], result: INT, sql: "CAST(len($1) AS INTEGER)" },
    {
      names: "array_distinct",
      parameters: [ARRAY],
      result: sameAsFirst,
      sql: ([x = ""], context) => bind(context, [x], (list) => firstOnes(list, context)),
    },
    {
      names: "array_compact",
      parameters: [ARRAY],
      result: (args) => arrayOf(elementOf(args), false),
      sql: ([x], context) => {
        const e = context.fresh("e");
        return `list_filter(${x}, lambda ${e}: ${e} IS NOT NULL)`;
      },
    },
    {
      names: "array_max",
      parameters: [ARRAY],
      result: (args) => elementOf(args),
      nullable: true,
      sql: ([list = ""], context, call) => extremeOf(list, true, call.dataType, context),
    },
    {
      names: "array_min",
      parameters: [ARRAY],
      result: (args) => elementOf(args),
      nullable: true,
      sql: ([list = ""], context, call) => extremeOf(list, false, call.dataType, context),
    },
    {
      names: "array_join",
      parameters: [(type) => (type.kind === "array" ? arrayOf(STRING, type.containsNull) : undefined), STRING, STRING],
      optional: 1,
      result: STRING,
      sql([list = "", delimiter = "", filler], context) {
        if (filler === undefined) return `array_to_string(${list}, ${delimiter})`;
        const e = context.fresh("e");
        return bind(
          context,
          [filler],
          (f) =>
            `CASE WHEN ${f} IS NULL THEN NULL ELSE array_to_string(list_transform(${list}, lambda ${e}: coalesce(${e}, ${f})), ${delimiter}) END`,
        );
      },
    },
    {
      names: "array_repeat",
      parameters: [(type) => type, INT],
      result: (args) => arrayOf(typeOf(args, 0), args[0]?.nullable ?? true),
      nullable: (args) => args[1]?.nullable ?? true,
      sql([value = "", count = ""], context) {
        const i = context.fresh("i");
        return bind(context, [value], (v) => `list_transform(generate_series(1, ${count}), lambda ${i}: ${v})`);
      },
    },
    {
      names: "flatten",
      parameters: [(type) => (type.kind === "array" && type.elementType.kind === "array" ? type : undefined)],
      result: (args) => elementOf(args),
      nullable: (args) => anyNullable(args) || (typeOf(args, 0) as ArrayType).containsNull,
      sql: "CASE WHEN list_position($1, NULL) > 0 THEN NULL ELSE flatten($1) END",
    },
    { names: "slice", parameters: [ARRAY, INT, INT], result: sameAsFirst, sql: slice },
    {
      names: "get",
      parameters: [ARRAY, INT],
      result: (args) => elementOf(args),
      nullable: true,
      sql: "CASE WHEN $2 >= 0 THEN ($1)[$2 + 1] END",
    },
    {
      names: "array_insert",
      parameters: [ARRAY, INT, (type) => type],
      result: (args) => arrayOf(elementOf(args), true),
      nullable: (args) => (args[0]?.nullable ?? true) || (args[1]?.nullable ?? true),
      sql: (args, context, call) =>
        bind(context, args, (list, at, value) => {
          const zero = context.raise(
            "INVALID_INDEX_OF_ZERO",
            "22003",
            "'The index 0 is invalid. An index shall be either < 0 or > 0 (the first element has index 1).'",
          );
          const nulls = (count: string) =>
            `CAST(list_resize(CAST([] AS ${duckdbType(call.dataType)}), greatest(${count}, 0)) AS ${duckdbType(call.dataType)})`;
          const front = `list_concat(list_concat(list_slice(${list}, 1, ${at} - 1), ${nulls(`${at} - 1 - len(${list})`)}), list_concat([${value}], list_slice(${list}, ${at}, len(${list}))))`;
          const place = `(len(${list}) + ${at} + 1)`;
          const back = `CASE WHEN ${place} >= 0 THEN list_concat(list_slice(${list}, 1, ${place}), list_concat([${value}], list_slice(${list}, ${place} + 1, len(${list})))) ELSE list_concat([${value}], list_concat(${nulls(`-${place}`)}, ${list})) END`;
          return whenNone([list, at], `CASE WHEN ${at} = 0 THEN ${zero} WHEN ${at} > 0 THEN ${front} ELSE ${back} END`);
        }),
    },
  ),
];
