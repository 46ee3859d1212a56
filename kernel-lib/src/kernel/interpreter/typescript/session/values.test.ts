import { afterEach, expect, test, vi } from "vitest";
import { describeAt, membersAt, typesOf, valueAt } from "./values.ts";

afterEach(() => vi.unstubAllGlobals());

test("members are found along the prototypes without running a getter", () => {
  class Base {
    method(): void {}
  }
  class Account extends Base {
    id = 1;
    get balance(): number {
      throw new Error("ran");
    }
  }
  vi.stubGlobal("account", new Account());
  const names = membersAt(["account"]).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["id", "balance", "method"]));
  expect(valueAt(["account", "balance"])).toEqual({ found: false });
  expect(membersAt(["account", "balance"])).toEqual([]);
  expect(membersAt(["missing", "x"])).toEqual([]);
});

test("a proxy is not asked", () => {
  vi.stubGlobal(
    "trap",
    new Proxy({ a: 1 }, { ownKeys: () => expect.fail("asked"), getPrototypeOf: () => expect.fail("asked") }),
  );
  expect(membersAt(["trap"])).toEqual([]);
  expect(valueAt(["trap", "a"])).toEqual({ found: false });
});

test("descriptions name the type and run nothing", () => {
  vi.stubGlobal("numbers", [1, 2]);
  vi.stubGlobal("twice", function twice(x: number) {
    return x * 2;
  });
  expect(describeAt(["numbers"], 0)).toBe("numbers: Array\n\n[ 1, 2 ]");
  expect(describeAt(["twice"], 0)).toContain("function twice(x)");
  expect(describeAt(["nothingHere"], 0)).toBeUndefined();
});

test("values tell their types, at once or later; failures and silence are left out", async () => {
  const tell = Symbol.for("jupyter.typeOf");
  vi.stubGlobal("frame", { [tell]: () => "DataFrame<{ a: number }>" });
  vi.stubGlobal("later", { [tell]: async () => "Later" });
  vi.stubGlobal("broken", {
    [tell]: () => {
      throw new Error("no");
    },
  });
  vi.stubGlobal("never", { [tell]: () => new Promise(() => undefined) });
  vi.stubGlobal("plain", 5);
  vi.stubGlobal("alias", Reflect.get(globalThis, "frame"));
  expect(await typesOf(["frame", "later", "broken", "never", "plain", "absent", "alias"])).toEqual({
    frame: "DataFrame<{ a: number }>",
    later: "Later",
    alias: "DataFrame<{ a: number }>",
  });
  // Who did not answer in time is not waited for again.
  const started = performance.now();
  expect(await typesOf(["frame", "never"])).toEqual({ frame: "DataFrame<{ a: number }>" });
  expect(performance.now() - started).toBeLessThan(400);
});
