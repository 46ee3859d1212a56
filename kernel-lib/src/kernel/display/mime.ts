import { Buffer } from "node:buffer";
import { inspect } from "node:util";
import type { MimeBundle } from "../protocol/content.ts";

/** A value with a method of this name shows itself: the method returns a MIME bundle, or a promise of one. */
export const DISPLAY_SYMBOL: unique symbol = Symbol.for("Jupyter.display") as never;

/** The MIME bundle of any value: what its `Symbol.for("Jupyter.display")` method says, else its text. */
export function bundleOf(value: unknown): MimeBundle | Promise<MimeBundle> {
  const show = methodOf(value);
  if (show === undefined) return { "text/plain": textOfValue(value) };
  const shown = show.call(value);
  return shown instanceof Promise ? shown.then((bundle) => encodeBundle(bundle, value)) : encodeBundle(shown, value);
}

/** The text that Node's own console would print for a value, a little deeper. */
export function textOfValue(value: unknown): string {
  const text = inspect(value, { depth: 4, maxArrayLength: 100, maxStringLength: 10_000 });
  return text.includes("async_id_symbol")
    ? text.replace(ASYNC_MARKS, "").replace(/\{\s+<pending>\s+\}/g, "{ <pending> }")
    : text;
}

// What Node 20 leaves on each promise to follow it.
const ASYNC_MARKS = /,?\s*\[Symbol\((?:async_id_symbol|trigger_async_id_symbol|kResourceStore)\)\]: (?:\d+|\[cell\])/g;

/** Makes a bundle that JSON can carry: bytes become base64. */
export function encodeBundle(bundle: unknown, value: unknown): MimeBundle {
  if (typeof bundle !== "object" || bundle === null) return { "text/plain": textOfValue(value) };
  return Object.fromEntries(Object.entries(bundle).map(([type, data]) => [type, encodeData(data)]));
}

/** The value as JSON carries it; throws when it can't, so that the error is the cell's. */
export function asJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** Bytes as base64; everything else as it is. */
export function encodeData(data: unknown): unknown {
  if (data instanceof ArrayBuffer) return Buffer.from(data).toString("base64");
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64");
  return data;
}

function methodOf(value: unknown): (() => unknown) | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  const method: unknown = (value as Record<symbol, unknown>)[DISPLAY_SYMBOL];
  return typeof method === "function" ? (method as () => unknown) : undefined;
}
