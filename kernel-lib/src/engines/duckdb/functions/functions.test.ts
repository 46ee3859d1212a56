import { afterAll, expect, test } from "vitest";
import type { DataType } from "../../../sql/types/data-type.ts";
import type { Expression, LiteralValue } from "../resolved/expression.ts";
import { call, closeKit, evaluate, semantics } from "./evaluate.test-kit.ts";
import { BOOLEAN, BYTE, DATE, DOUBLE, INT, LONG, NULL, STRING, TIMESTAMP, arrayOf, decimal } from "./kinds.ts";

afterAll(closeKit);

const ansi = semantics(true);
const legacy = semantics(false);
const lit = (value: LiteralValue, dataType: DataType): Expression => ({
  kind: "literal",
  value,
  dataType,
  nullable: value === null,
});
const int = (value: number | null) => lit(value, INT);
const str = (value: string | null) => lit(value, STRING);
const cast = (child: Expression, dataType: DataType, mode: "ansi" | "legacy" | "try" = "ansi"): Expression => ({
  kind: "cast",
  child,
  mode,
  explicit: true,
  dataType,
  nullable: true,
});
const named = (child: Expression, name: string): Expression => ({ ...child, kind: "alias", child, names: [name] });
const of = (name: string, ...args: Expression[]) => evaluate(call(name, args, ansi), ansi);
const ofLegacy = (name: string, ...args: Expression[]) => evaluate(call(name, args, legacy), legacy);

test("integers overflow in ANSI mode and wrap without it", async () => {
  await expect(of("+", int(2147483647), int(1))).rejects.toThrow("ARITHMETIC_OVERFLOW");
  expect(await ofLegacy("+", int(2147483647), int(1))).toBe("-2147483648");
  expect(await of("try_add", int(2147483647), int(1))).toBeNull();
  expect(await ofLegacy("*", lit(9223372036854775807n, LONG), lit(2n, LONG))).toBe("-2");
  expect(await ofLegacy("+", lit(127, BYTE), lit(1, BYTE))).toBe("-128");
});

test("a division by zero throws in ANSI mode, but not for null", async () => {
  await expect(of("/", int(1), int(0))).rejects.toThrow("DIVIDE_BY_ZERO");
  expect(await ofLegacy("/", int(1), int(0))).toBeNull();
  expect(await of("/", int(null), int(0))).toBeNull();
  expect(await of("/", int(1), int(2))).toBe("0.5");
  await expect(of("%", int(1), int(0))).rejects.toThrow("DIVIDE_BY_ZERO");
  expect(await of("div", int(-7), int(2))).toBe("-3");
});

test("decimals take Spark's precision and scale", async () => {
  const third = call("/", [lit("1.00", decimal(10, 2)), lit("3.00", decimal(10, 2))], ansi);
  expect(third.dataType).toEqual(decimal(23, 13));
  expect(await evaluate(third, ansi)).toBe("0.3333333333333");
  const wide = call("*", [lit("1.5", decimal(38, 10)), lit("2", decimal(38, 10))], ansi);
  expect(wide.dataType).toEqual(decimal(38, 6));
  expect(await evaluate(wide, ansi)).toBe("3.000000");
  expect(await of("+", lit("1.5", decimal(2, 1)), int(1))).toBe("2.5");
  expect(await of("/", lit("-2.00", decimal(10, 2)), lit("3.00", decimal(10, 2)))).toBe("-0.6666666666667");
});

test("strings become numbers as the mode says", async () => {
  expect(call("+", [str("5"), int(1)], ansi).dataType).toEqual(LONG);
  expect(await of("+", str("5"), int(1))).toBe("6");
  expect(await ofLegacy("+", str("5"), int(1))).toBe("6.0");
  expect(await ofLegacy("==", str("1"), int(1))).toBe("true");
});

test("casts from text read what Spark reads", async () => {
  const from = (text: string, to: DataType, mode: "ansi" | "legacy" | "try") =>
    evaluate(cast(str(text), to, mode), ansi);
  await expect(from("1.9", INT, "ansi")).rejects.toThrow(
    '[CAST_INVALID_INPUT] The value \'1.9\' of the type "STRING" cannot be cast to "INT"',
  );
  expect(await from("1.9", INT, "legacy")).toBe("1");
  expect(await from(" 12\t", INT, "ansi")).toBe("12");
  expect(await from("yes", BOOLEAN, "ansi")).toBe("true");
  expect(await from("2024-1-5", DATE, "ansi")).toBe("2024-01-05");
  expect(await from("2024-01-05T10", DATE, "ansi")).toBe("2024-01-05");
  expect(await from("x", DATE, "try")).toBeNull();
  expect(await from("2018-03-24T13:56:45.000+05:30", TIMESTAMP, "ansi")).toBe("2018-03-24 08:26:45+00");
  expect(await from("2018-3-4 1:2", TIMESTAMP, "ansi")).toBe("2018-03-04 01:02:00+00");
  expect(await from("nan", DOUBLE, "ansi")).toBe("nan");
});

test("numbers print as Java prints them", async () => {
  const text = (value: number) => evaluate(cast(lit(value, DOUBLE), STRING), ansi);
  expect(await text(1e10)).toBe("1.0E10");
  expect(await text(12345678.9)).toBe("1.23456789E7");
  expect(await text(1e-5)).toBe("1.0E-5");
  expect(await text(0.001)).toBe("0.001");
  expect(await text(-0)).toBe("-0.0");
  expect(await text(NaN)).toBe("NaN");
  expect(await text(-Infinity)).toBe("-Infinity");
  expect(await text(100)).toBe("100.0");
});

test("to_json leaves nulls out and escapes text", async () => {
  const struct = call("struct", [named(int(1), "a"), named(int(null), "b"), named(str('x"y\n'), 'c"d')], ansi);
  expect(await evaluate(call("to_json", [struct], ansi), ansi)).toBe('{"a":1,"c\\"d":"x\\"y\\n"}');
  const nulls = call("struct", [named(int(null), "a"), named(str(null), "b")], ansi);
  expect(await evaluate(call("to_json", [nulls], ansi), ansi)).toBe("{}");
  const late = call("struct", [named(int(null), "a"), named(int(2), "b"), named(int(3), "c")], ansi);
  expect(await evaluate(call("to_json", [late], ansi), ansi)).toBe('{"b":2,"c":3}');
  const instant = call("struct", [named(lit(1521880005000000n, TIMESTAMP), "t")], ansi);
  expect(await evaluate(call("to_json", [instant], ansi), semantics(true, "America/New_York"))).toBe(
    '{"t":"2018-03-24T04:26:45.000-04:00"}',
  );
  expect(await evaluate(call("to_json", [instant], ansi), ansi)).toBe('{"t":"2018-03-24T08:26:45.000Z"}');
  const nested = call(
    "struct",
    [named(call("array", [struct, struct], ansi), "list"), named(lit([1, null], arrayOf(INT)), "n")],
    ansi,
  );
  expect(await evaluate(call("to_json", [nested], ansi), ansi)).toBe(
    '{"list":[{"a":1,"c\\"d":"x\\"y\\n"},{"a":1,"c\\"d":"x\\"y\\n"}],"n":[1,null]}',
  );
});

test("aggregates have Spark's types", async () => {
  const x: Expression = {
    kind: "attribute",
    attribute: { id: "x", name: "x", dataType: INT, nullable: true, qualifier: [] },
    dataType: INT,
    nullable: true,
  };
  const from = "FROM (VALUES (1), (NULL), (3)) t(x)";
  const over = (name: string, ...args: Expression[]) => evaluate(call(name, args, ansi), ansi, from);
  expect(call("sum", [x], ansi).dataType).toEqual(LONG);
  expect(await over("sum", x)).toBe("4");
  expect(await over("avg", x)).toBe("2.0");
  expect(await over("count", int(1))).toBe("3");
  expect(await over("count", x)).toBe("2");
  expect(await over("collect_list", x)).toBe("[1, 3]");
  expect(await over("last", x, lit(true, BOOLEAN))).toBe("3");
  expect(await over("max_by", x, x)).toBe("3");
});

test("choices have one type and evaluate lazily", async () => {
  expect(await of("when", lit(false, BOOLEAN), int(1), int(2))).toBe("2");
  expect(await of("coalesce", lit(null, NULL), int(7))).toBe("7");
  expect(call("coalesce", [int(1), str("2")], ansi).dataType).toEqual(LONG);
  expect(call("coalesce", [int(1), str("2")], legacy).dataType).toEqual(STRING);
  expect(await of("if", lit(true, BOOLEAN), int(1), call("/", [int(1), int(0)], ansi))).toBe("1.0");
});
