import { expect, test } from "vitest";
import { Session } from "../sql/index.ts";
import preload from "./index.ts";

test("every global is declared, and every declaration has a global", () => {
  const { globals, types } = preload();
  const declared = [...types.matchAll(/declare const (\w+):/g)].map(([, name]) => name);
  expect(declared.sort()).toEqual(Object.keys(globals).sort());
});

test("the notebook's session is the one that getOrCreate gives, and nothing is loaded before it is used", async () => {
  const notebook = preload({ interruptSignal: () => undefined });
  const spark = notebook.globals["spark"] as Session;
  expect(spark.isOpen).toBe(false);
  expect(await Session.builder.getOrCreate()).toBe(spark);
  expect(spark.isOpen).toBe(false);
  await notebook.dispose();
  await expect(spark.range(1).collect()).rejects.toThrow("SESSION_CLOSED");
});
