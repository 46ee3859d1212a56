import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { SqlCommandSchema } from "../../generated/spark/connect/commands_pb.ts";
import {
  Expression_Cast_EvalMode as EvalMode,
  Expression_CastSchema as CastSchema,
  Expression_UnresolvedFunctionSchema as FunctionSchema,
  ExpressionSchema,
} from "../../generated/spark/connect/expressions_pb.ts";
import { SQLSchema, WithColumnsRenamedSchema } from "../../generated/spark/connect/relations_pb.ts";
import { fitVersion, majorVersion } from "./features.ts";

const literal = create(ExpressionSchema, {
  exprType: { case: "literal", value: { literalType: { case: "integer", value: 7 } } },
});
const call = create(FunctionSchema, { functionName: "upper", arguments: [] });

test("the major number of a version", () => {
  expect(["3.5.5", "4.0.1", "10.1", "4.1.0-SNAPSHOT", "unknown"].map(majorVersion)).toEqual([3, 4, 10, 4, 4]);
});

test("a server of 4.0 gets the very message", () => {
  const message = create(SQLSchema, { query: "SELECT ?", posArguments: [literal] });
  expect(fitVersion(message, "4.0.1")).toBe(message);
});

test("parameters of a statement go as literals to an older server", () => {
  const fitted = fitVersion(create(SQLSchema, { query: "SELECT ?", posArguments: [literal] }), "3.5.5");
  expect(fitted.posArguments).toEqual([]);
  expect(fitted.posArgs.map((one) => one.literalType)).toEqual([{ case: "integer", value: 7 }]);
  const command = fitVersion(create(SqlCommandSchema, { sql: "SELECT :a", namedArguments: { a: literal } }), "3.5.5");
  expect(command.namedArguments).toEqual({});
  expect(command.args["a"]?.literalType).toEqual({ case: "integer", value: 7 });
});

test("renames go as a map to an older server", () => {
  const renames = [{ colName: "a", newColName: "b" }];
  const fitted = fitVersion(create(WithColumnsRenamedSchema, { renames }), "3.5.5");
  expect([fitted.renames, fitted.renameColumnsMap]).toEqual([[], { a: "b" }]);
});

test("a plan without anything new is the same object", () => {
  expect(fitVersion(call, "3.5.5")).toBe(call);
});

test.each([
  ["try_cast()", create(CastSchema, { evalMode: EvalMode.TRY })],
  ["The function parse_json", create(FunctionSchema, { functionName: "PARSE_JSON" })],
  [
    "A parameter of sql() that is not a plain value",
    create(SQLSchema, { posArguments: [{ exprType: { case: "unresolvedFunction", value: call } }] }),
  ],
])("%s is refused for an older server", (feature, message) => {
  expect(() => fitVersion<object>(message, "3.5.5")).toThrow(
    expect.objectContaining({
      code: "UNSUPPORTED_FEATURE",
      message: expect.stringMatching(
        new RegExp(`${feature.replace(/[()]/g, "\\$&")}.* needs Spark 4.0, and this server is 3.5.5`, "i"),
      ) as string,
    }),
  );
});
