import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDataType } from "../types/ddl.ts";
import { Decimal } from "../values/decimal.ts";
import { joinData } from "./join.ts";
import { columnValues } from "./read.ts";
import { buildData } from "./write.ts";

const nullable = (values: fc.Arbitrary<unknown>) => fc.option(values, { nil: null });
const int = nullable(fc.integer({ min: -1000, max: 1000 }));
const text = nullable(fc.string({ unit: "grapheme" }));
const columns: [ddl: string, values: fc.Arbitrary<unknown>][] = [
  ["INT", int],
  ["BIGINT", nullable(fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }))],
  ["DOUBLE", nullable(fc.double())],
  ["BOOLEAN", nullable(fc.boolean())],
  ["STRING", text],
  ["BINARY", nullable(fc.uint8Array({ maxLength: 9 }))],
  ["DECIMAL(20,2)", nullable(fc.integer().map((n) => Decimal.from(`${n}.25`)))],
  ["ARRAY<STRING>", nullable(fc.array(text, { maxLength: 4 }))],
  ["MAP<STRING, INT>", nullable(fc.array(fc.tuple(fc.string(), int), { maxLength: 3 }).map((all) => new Map(all)))],
  ["STRUCT<a: INT, b: ARRAY<BOOLEAN>>", nullable(fc.tuple(int, nullable(fc.array(nullable(fc.boolean())))))],
  ["VOID", fc.constant(null)],
];

const plain = (values: unknown[]): string[] =>
  values.map((value) => String(value instanceof Uint8Array ? [...value] : value));

test.each(columns)("pieces of %s are joined to the values they have, wherever they are cut", (ddl, values) => {
  const type = parseDataType(ddl);
  fc.assert(
    fc.property(
      fc.array(fc.array(values, { maxLength: 40 }), { minLength: 1, maxLength: 5 }),
      fc.nat(7),
      (all, skip) => {
        const pieces = all.map((one) => {
          const whole = buildData(type, one);
          return whole.length > skip ? whole.slice(skip, whole.length - skip) : whole;
        });
        const joined = joinData(pieces);
        expect(plain(columnValues(joined, type))).toEqual(plain(pieces.flatMap((piece) => columnValues(piece, type))));
        // The pieces themselves have the values they were cut from.
        const cut = all.flatMap((one) => (one.length > skip ? one.slice(skip) : one));
        if (ddl === "INT" || ddl === "STRING") expect(plain(columnValues(joined, type))).toEqual(plain(cut));
      },
    ),
    { numRuns: 60 },
  );
});
