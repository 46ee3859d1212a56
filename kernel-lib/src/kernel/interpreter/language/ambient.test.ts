import { expect, test } from "vitest";
import { cutAmbient } from "./ambient.ts";

test("values that come from modules are cut out with their comments; the rest stays together", () => {
  const { base, values } = cutAmbient(`
/** A session. */
declare const spark: import("a").Session;
interface Shown {
  id: string;
}
declare function show(value: unknown): Shown;
/**
 * Makes one:
 * declare const no: import("c");
 */
declare function make(
  of: import("b").Thing,
): Shown;
declare function make(): Shown;
declare module "m" { export const x: import("d").X; }
`);
  expect([...values.keys()]).toEqual(["spark", "make"]);
  expect(values.get("spark")).toContain("/** A session. */");
  expect(values.get("make")).toContain("of: import");
  expect(base).toContain("interface Shown");
  expect(base).toContain("declare function show");
  expect(base).toContain('declare module "m"');
  expect(base).not.toContain("declare const spark");
});

test("text with odd braces is not cut", () => {
  const text = 'declare const a: import("a").A;\ndeclare const b: "{";\n';
  expect(cutAmbient(text)).toEqual({ base: text, values: new Map() });
});
