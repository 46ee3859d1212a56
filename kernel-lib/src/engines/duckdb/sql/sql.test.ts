import { beforeAll, expect, test } from "vitest";

import { loadParser, parseExpression } from "./index.ts";
import { parseStatements } from "./parser.ts";
import { prepare } from "./prepare.ts";

beforeAll(loadParser);

test("function names are marked, names with a syntax of their own are not", () => {
  expect(prepare("SELECT sum(x), t.f(y) FROM a JOIN b USING (k) WHERE x IN (1)")).toBe(
    "SELECT fn__sum(x), t.f(y) FROM a JOIN b USING (k) WHERE x IN (1)",
  );
  expect(prepare("WITH c(x) AS (SELECT 1) SELECT * FROM range(3) AS r(id)")).toBe(
    "WITH c(x) AS (SELECT 1) SELECT * FROM fn__range(3) AS r(id)",
  );
  expect(prepare("filter(xs, x -> x) , sum(x) FILTER (WHERE y)")).toBe(
    "fn__filter(xs, x -> x) , fn__sum(x) FILTER (WHERE y)",
  );
  expect(prepare("substring(a FROM 2), substring(a, 2)")).toBe("substring(a FROM 2), fn__substring(a, 2)");
});

test("text in quotes and comments is left alone, adjacent literals are one, parameters are numbered", () => {
  expect(prepare("'sum(?)', `f(x)`, ? + ?")).toBe("'sum(?)', `f(x)`, :positional__0 + :positional__1");
  expect(prepare("'it''s' 'x'")).toBe("'itsx' ");
  expect(prepare("1 -- sum(x)\n+ 2.5BD")).toBe("1  \n+ fn__typed__number('2.5BD')");
  expect(prepare(`"a" r'\\d' '\\u0041'`)).toBe("'a\\\\dA'  ");
});

/** The expression as nested function calls. */
function shape(text: string): unknown {
  const plain = (value: unknown): unknown => {
    const { exprType } = value as ReturnType<typeof parseExpression>;
    switch (exprType.case) {
      case "unresolvedFunction":
        return [exprType.value.functionName, ...exprType.value.arguments.map(plain)];
      case "unresolvedAttribute":
        return exprType.value.unparsedIdentifier;
      case "literal": {
        const { value: literal } = exprType.value.literalType;
        return typeof literal === "object" ? (literal as { value?: string }).value : literal;
      }
      default:
        return exprType.case;
    }
  };
  return plain(parseExpression(text));
}

test("operators and functions become calls with their arguments in order", () => {
  expect(shape("a + 1 > b.c AND NOT x IS NULL")).toEqual([
    "and",
    [">", ["+", "`a`", 1], "`b`.`c`"],
    ["isnotnull", "`x`"],
  ]);
  expect(shape("regexp_replace(a, 'b', 'c', 2)")).toEqual(["regexp_replace", "`a`", "b", "c", 2]);
  expect(shape("x BETWEEN 1 AND 2")).toEqual(["and", [">=", "`x`", 1], ["<=", "`x`", 2]]);
  expect(shape("CASE a WHEN 1 THEN 'x' ELSE 'y' END")).toEqual(["when", ["==", "`a`", 1], "x", "y"]);
});

test("numbers have the type their form says", () => {
  const typeOf = (text: string): unknown => {
    const { exprType } = parseExpression(text);
    return exprType.case === "literal"
      ? [exprType.value.literalType.case, exprType.value.literalType.value]
      : exprType.case;
  };
  expect(typeOf("1")).toEqual(["integer", 1]);
  expect(typeOf("-2147483648")).toEqual(["integer", -2147483648]);
  expect(typeOf("3000000000")).toEqual(["long", 3000000000n]);
  expect(typeOf("7L")).toEqual(["long", 7n]);
  expect(typeOf("1e2")).toEqual(["double", 100]);
  expect(typeOf("1.50")).toMatchObject(["decimal", { value: "1.50", precision: 3, scale: 2 }]);
});

test("text that is no expression is refused", () => {
  for (const text of ["a +", "a, b", "1 FROM t"]) expect(() => parseExpression(text)).toThrow(/PARSE_SYNTAX_ERROR/);
});

test.each([
  ["selec 1", "'selec'", "(line 1, pos 0)"],
  ["selec", "'selec'", "(line 1, pos 0)"],
  ["select 1 frm t where", "'t'", "(line 1, pos 13)"],
  ["select 1 +", "end of input", "(line 1, pos 10)"],
  ["select (1", "end of input", "(line 1, pos 9)"],
  ["select 1 from t where x = = 2", "'='", "(line 1, pos 26)"],
  ["select f(1),,2", "','", "(line 1, pos 12)"],
  ["select 'é😀' x y", "'y'", "(line 1, pos 14)"],
  ["select 1 )", "')'", "(line 1, pos 9)"],
  ["\n select 1,\n  2L 3 4\nfrom t", "'3'", "(line 3, pos 5)"],
])("%j is refused at its token", (text, near, place) => {
  const sentence = `[PARSE_SYNTAX_ERROR] Syntax error at or near ${near}. SQLSTATE: 42601 ${place}`;
  expect(() => parseStatements(text)).toThrow(sentence);
});

test("an expression is refused at its own place", () => {
  expect(() => parseExpression("a +")).toThrow("near end of input. SQLSTATE: 42601 (line 1, pos 3)");
  expect(() => parseExpression("a b c")).toThrow("near 'c'. SQLSTATE: 42601 (line 1, pos 4)");
});
