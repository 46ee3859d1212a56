import { expect, test } from "vitest";

import type { Expression } from "../../../generated/spark/connect/expressions_pb.ts";
import type { Relation } from "../../../generated/spark/connect/relations_pb.ts";
import {
  Aggregate_GroupType as GroupType,
  Join_JoinType as JoinType,
} from "../../../generated/spark/connect/relations_pb.ts";
import { simpleString } from "../../../sql/types/index.ts";
import type { SparkError } from "../../../sql/errors.ts";
import { lookup } from "../functions/catalogue.ts";
import { aliased, callOf, column, expressionOf, literalOf, named, relationOf, star, text } from "../sql/make.ts";
import type { AnalyzerContext } from "./context.ts";
import { sameIgnoringCase } from "./names.ts";
import { resolveRelation } from "./relation.ts";

function context(settings: Record<string, string> = {}): AnalyzerContext {
  let names = 0;
  return {
    ansi: true,
    timeZone: "UTC",
    conf: (key) => settings[key] ?? "",
    sameName: sameIgnoringCase,
    views: new Map(),
    globalViews: new Map(),
    lookup,
    cachedRelation: () => {
      throw new Error("There are no cached relations.");
    },
    read: () => Promise.reject(new Error("There are no files.")),
    distinctValues: () => Promise.resolve(["x", "y"]),
    fresh: (prefix) => `${prefix}${(names += 1)}`,
  };
}

const rows = (schema: string): Relation => relationOf({ case: "localRelation", value: { schema } });
const project = (input: Relation, ...expressions: Expression[]): Relation =>
  relationOf({ case: "project", value: { input, expressions } });
const int = (value: number): Expression => literalOf({ case: "integer", value });
const marked = (relation: Relation, planId: bigint): Relation => {
  relation.common = { $typeName: "spark.connect.RelationCommon", sourceInfo: "", planId };
  return relation;
};
const of = (planId: bigint, unparsedIdentifier: string): Expression =>
  expressionOf({ case: "unresolvedAttribute", value: { unparsedIdentifier, planId } });
const join = (left: Relation, right: Relation, joinType: JoinType, usingColumns: string[] = []): Relation =>
  relationOf({ case: "join", value: { left, right, joinType, usingColumns } });

/** `name type?` of each output column; the question mark stands for nullable. */
async function columns(relation: Relation, settings: Record<string, string> = {}): Promise<string[]> {
  const scope = await resolveRelation(relation, context(settings));
  return scope.relation.output.map(
    ({ name, dataType, nullable }) => `${name} ${simpleString(dataType)}${nullable ? "?" : ""}`,
  );
}

async function conditionOf(relation: Relation): Promise<SparkError> {
  return resolveRelation(relation, context()).then(
    () => {
      throw new Error("It resolves.");
    },
    (thrown: unknown) => thrown as SparkError,
  );
}

const people = () => rows("id INT NOT NULL, name STRING, s STRUCT<a: INT NOT NULL, b: STRING>");

test("names follow the user's case, qualifiers and struct fields", async () => {
  const input = aliased(people(), "p");
  expect(
    await columns(project(input, column(["ID"]), column(["p", "name"]), column(["s", "a"]), column(["p", "s", "b"]))),
  ).toEqual(["ID int", "name string?", "a int?", "b string?"]);
});

test("a star gives every column, a qualified one those of its table, one of a struct its fields", async () => {
  const target = (unparsedTarget: string) => expressionOf({ case: "unresolvedStar", value: { unparsedTarget } });
  expect(await columns(project(people(), star()))).toHaveLength(3);
  const both = join(aliased(people(), "a"), aliased(rows("x INT"), "b"), JoinType.CROSS);
  expect(await columns(project(both, target("b.*")))).toEqual(["x int?"]);
  expect(await columns(project(people(), target("s.*")))).toEqual(["a int?", "b string?"]);
});

test("columns without a name are named as Spark prints them", async () => {
  const cast = expressionOf({
    case: "cast",
    value: { expr: column(["id"]), castToType: { case: "typeStr", value: "string" } },
  });
  const list = [
    callOf("+", [column(["id"]), int(1)]),
    cast,
    callOf("-", [cast, int(1)]),
    text("x"),
    named(int(1), "one"),
  ];
  const names = (await columns(project(people(), ...list))).map((entry) => entry.replace(/ [^ ]*$/, ""));
  expect(names).toEqual(["(id + 1)", "id", "(CAST(id AS STRING) - 1)", "x", "one"]);
});

test("a column of a DataFrame is found where it is alive, on the side of its DataFrame", async () => {
  const left = marked(rows("id INT, v INT"), 1n);
  const right = marked(rows("id INT, w STRING"), 2n);
  const both = join(left, right, JoinType.CROSS);
  expect(await columns(project(both, of(1n, "id"), of(2n, "id"), of(2n, "w")))).toEqual([
    "id int?",
    "id int?",
    "w string?",
  ]);
  expect((await conditionOf(project(both, column(["id"])))).code).toBe("AMBIGUOUS_REFERENCE");
  expect((await conditionOf(project(both, of(9n, "id")))).code).toBe("CANNOT_RESOLVE_DATAFRAME_COLUMN");
});

test("a DataFrame on both sides of a join is ambiguous, a derived one is not", async () => {
  const frame = () => marked(rows("id INT"), 1n);
  expect((await conditionOf(project(join(frame(), frame(), JoinType.CROSS), of(1n, "id")))).code).toBe(
    "AMBIGUOUS_COLUMN_REFERENCE",
  );
  const derived = project(frame(), named(callOf("+", [column(["id"]), int(1)]), "next"));
  expect(await columns(project(join(frame(), derived, JoinType.CROSS), of(1n, "id"), column(["next"])))).toHaveLength(
    2,
  );
});

test("outer joins make the other side nullable, a join by name merges the key", async () => {
  const left = () => rows("id INT NOT NULL, v INT NOT NULL");
  const right = () => rows("id INT NOT NULL, w INT NOT NULL");
  expect(await columns(join(left(), right(), JoinType.LEFT_OUTER, ["id"]))).toEqual(["id int", "v int", "w int?"]);
  expect(await columns(join(left(), right(), JoinType.RIGHT_OUTER, ["id"]))).toEqual(["id int", "v int?", "w int"]);
  expect(await columns(join(left(), right(), JoinType.FULL_OUTER, ["id"]))).toEqual(["id int", "v int?", "w int?"]);
  expect(await columns(join(left(), right(), JoinType.LEFT_SEMI, ["id"]))).toEqual(["id int", "v int"]);
  expect((await conditionOf(join(left(), right(), JoinType.INNER, ["v"]))).messageParameters["side"]).toBe("right");
});

test("an aggregate keeps its keys and may compute over them", async () => {
  const aggregate = (...aggregateExpressions: Expression[]) =>
    relationOf({
      case: "aggregate",
      value: {
        input: people(),
        groupType: GroupType.GROUPBY,
        groupingExpressions: [column(["name"])],
        aggregateExpressions,
      },
    });
  const sum = callOf("sum", [column(["id"])]);
  expect(await columns(aggregate(callOf("+", [sum, int(1)]), callOf("upper", [column(["NAME"])])))).toEqual([
    "name string?",
    "(sum(id) + 1) bigint?",
    "upper(NAME) string?",
  ]);
  expect((await conditionOf(aggregate(column(["id"])))).code).toBe("MISSING_AGGREGATION");
  expect((await conditionOf(aggregate(callOf("max", [sum])))).code).toBe("NESTED_AGGREGATE_FUNCTION");
  expect((await conditionOf(project(people(), column(["id"]), sum))).code).toBe("MISSING_GROUP_BY");
  const filtered = relationOf({
    case: "filter",
    value: { input: aggregate(), condition: callOf(">", [callOf("max", [column(["id"])]), int(1)]) },
  });
  expect(await columns(filtered)).toEqual(["name string?"]);
  expect(await columns(aggregate(sum), { "spark.sql.retainGroupColumns": "false" })).toEqual(["sum(id) bigint?"]);
});

test("grouping sets make their keys nullable", async () => {
  const rollup = relationOf({
    case: "aggregate",
    value: {
      input: people(),
      groupType: GroupType.ROLLUP,
      groupingExpressions: [column(["id"])],
      aggregateExpressions: [callOf("grouping", [column(["id"])])],
    },
  });
  expect(await columns(rollup)).toEqual(["id int?", "grouping(id) tinyint"]);
});

test("a pivot names its columns after the values, and after the aggregates when there are several", async () => {
  const pivot = (values: string[], ...aggregateExpressions: Expression[]) =>
    relationOf({
      case: "aggregate",
      value: {
        input: people(),
        groupType: GroupType.PIVOT,
        groupingExpressions: [],
        aggregateExpressions,
        pivot: { col: column(["name"]), values: values.map((value) => ({ literalType: { case: "string", value } })) },
      },
    });
  const sum = callOf("sum", [column(["id"])]);
  expect(await columns({ ...pivot(["a", "b"], sum) }, { "spark.sql.pivotMaxValues": "10" })).toEqual([
    "a bigint?",
    "b bigint?",
  ]);
  expect(await columns(pivot(["a"], sum, named(sum, "s")))).toEqual(["a_sum(id) bigint?", "a_s bigint?"]);
  expect(await columns(pivot([], sum), { "spark.sql.pivotMaxValues": "10" })).toEqual(["x bigint?", "y bigint?"]);
});

test("a sort and a filter reach columns under the projection", async () => {
  const hidden = project(people(), column(["name"]));
  const sorted = relationOf({
    case: "sort",
    value: { input: hidden, order: [{ child: column(["id"]), direction: 1 }] },
  });
  expect(await columns(sorted)).toEqual(["name string?"]);
  const filtered = relationOf({
    case: "filter",
    value: { input: sorted, condition: callOf(">", [column(["id"]), int(1)]) },
  });
  expect(await columns(filtered)).toEqual(["name string?"]);
});

test("a set operation widens types and needs as many columns on both sides", async () => {
  const union = (left: Relation, right: Relation, rest = {}) =>
    relationOf({ case: "setOp", value: { leftInput: left, rightInput: right, setOpType: 2, isAll: true, ...rest } });
  expect(await columns(union(rows("a INT NOT NULL"), rows("b DOUBLE")))).toEqual(["a double?"]);
  expect((await conditionOf(union(rows("a INT"), rows("a INT, b INT")))).code).toBe("NUM_COLUMNS_MISMATCH");
  expect((await conditionOf(union(rows("a INT"), rows("a ARRAY<INT>")))).code).toBe("INCOMPATIBLE_COLUMN_TYPE");
  const byName = { byName: true, allowMissingColumns: true };
  expect(await columns(union(rows("a INT NOT NULL, b INT"), rows("c STRING, b BIGINT"), byName))).toEqual([
    "a int?",
    "b bigint?",
    "c string?",
  ]);
});

test("mistakes have Spark's conditions and parameters", async () => {
  const unresolved = await conditionOf(project(people(), column(["nam"])));
  expect(unresolved.code).toBe("UNRESOLVED_COLUMN.WITH_SUGGESTION");
  expect(unresolved.sqlState).toBe("42703");
  expect(unresolved.messageParameters).toEqual({ objectName: "`nam`", proposal: "`name`, `s`, `id`" });
  expect((await conditionOf(project(people(), callOf("nope", [])))).messageParameters["routineName"]).toBe("`nope`");
  expect((await conditionOf(project(people(), column(["s", "z"])))).code).toBe("FIELD_NOT_FOUND");
  const filter = relationOf({ case: "filter", value: { input: people(), condition: column(["id"]) } });
  expect((await conditionOf(filter)).code).toBe("DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN");
  const table = relationOf({
    case: "read",
    value: { readType: { case: "namedTable", value: { unparsedIdentifier: "a.b" } } },
  });
  expect((await conditionOf(table)).message).toContain("The table or view `a`.`b` cannot be found");
});
