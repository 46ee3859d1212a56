import { expect, test } from "vitest";
import { createDisplay } from "./display.ts";
import type { DisplaySink } from "./display.ts";
import { bundleOf, textOfValue } from "./mime.ts";

function recorder() {
  const shown: { data: Record<string, unknown>; id?: string; update: boolean }[] = [];
  const pages: unknown[] = [];
  const cleared: boolean[] = [];
  const pending: Promise<void>[] = [];
  const sink: DisplaySink = {
    show: (event) => void shown.push(event),
    clear: (wait) => void cleared.push(wait),
    page: (data) => void pages.push(data),
    track: (promise) => void pending.push(promise),
  };
  return { display: createDisplay(sink), shown, pages, cleared, pending };
}

test("a handle updates its own output", () => {
  const { display, shown } = recorder();
  const handle = display("first");
  handle.update({ b: 2 });
  handle.updateBundle({ "text/html": "<b>3</b>" });
  expect(shown.map(({ id }) => id)).toEqual([handle.id, handle.id, handle.id]);
  expect(shown.map(({ update }) => update)).toEqual([false, true, true]);
  expect(shown.map(({ data }) => data)).toEqual([
    { "text/plain": "'first'" },
    { "text/plain": "{ b: 2 }" },
    { "text/html": "<b>3</b>" },
  ]);
});

test("a value that shows itself later is tracked and then shown under the same id", async () => {
  const { display, shown, pending } = recorder();
  const handle = display({ [Symbol.for("Jupyter.display")]: async () => ({ "text/html": "late" }) });
  expect(shown).toEqual([]);
  await Promise.all(pending);
  expect(shown).toMatchObject([{ data: { "text/html": "late" }, id: handle.id }]);
});

test("bytes become base64, everything else stays", () => {
  const value = {
    [Symbol.for("Jupyter.display")]: () => ({ "image/png": new Uint8Array([1, 2]), "application/json": { a: 1 } }),
  };
  expect(bundleOf(value)).toEqual({ "image/png": "AQI=", "application/json": { a: 1 } });
});

test("a display method that gives no bundle falls back to text", () => {
  expect(bundleOf({ [Symbol.for("Jupyter.display")]: () => null, a: 1 })).toHaveProperty(["text/plain"]);
});

test("pages and clearing reach the sink", () => {
  const { display, pages, cleared } = recorder();
  display.page("long text");
  display.clear();
  display.clear({ wait: true });
  expect(pages).toEqual([{ "text/plain": "long text" }]);
  expect(cleared).toEqual([false, true]);
});

test("values show as the console shows them", () => {
  expect(textOfValue([1, "a", { b: new Map([[1, 2]]) }])).toBe("[ 1, 'a', { b: Map(1) { 1 => 2 } } ]");
  expect(textOfValue(new Promise(() => undefined))).toBe("Promise { <pending> }");
});
