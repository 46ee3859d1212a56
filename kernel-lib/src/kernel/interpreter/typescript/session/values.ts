import { clearTimeout, setTimeout } from "node:timers";
import { inspect, types } from "node:util";
import type { Member } from "../messages.ts";

const TYPE_SYMBOL = Symbol.for("jupyter.typeOf");
/** Values that are still telling their type: they are not waited for again. */
const slow = new WeakSet<object>();
const MOST_MEMBERS = 2000;
/** How long values may take to tell their types. */
const TYPES_WITHIN_MS = 500;

/** The value at a path of names from the global scope, found without running a getter. */
export function valueAt(path: readonly string[]): { found: boolean; value?: unknown } {
  let value: unknown = globalThis;
  for (const name of path) {
    const descriptor = descriptorOf(value, name);
    if (descriptor === undefined || !("value" in descriptor)) return { found: false };
    value = descriptor.value;
  }
  return { found: true, value };
}

/** The names that can follow a path and a dot, or the global names when the path is empty. */
export function membersAt(path: readonly string[]): Member[] {
  const { found, value } = valueAt(path);
  if (!found || value === null || value === undefined) return [];
  const members = new Map<string, Member>();
  for (
    let at = Object(value) as object | null;
    at !== null && !types.isProxy(at);
    at = Object.getPrototypeOf(at) as object | null
  ) {
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (members.has(name) || !/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) || name.startsWith("__")) continue;
      members.set(name, { name, type: kindOf(descriptor) });
    }
    if (members.size > MOST_MEMBERS) break;
  }
  if (path.length > 0) members.delete("constructor");
  return [...members.values()];
}

/** Describes the value at a path; nothing of the user's runs. */
export function describeAt(path: readonly string[], detail: number): string | undefined {
  const { found, value } = valueAt(path);
  if (!found) return undefined;
  const name = path.join(".");
  if (typeof value === "function") {
    const source = Function.prototype.toString.call(value);
    return detail > 0 ? `${name}\n\n${source}` : `${name}\n\n${source.split("\n", 1)[0]}`;
  }
  const text = inspect(value, {
    depth: detail > 0 ? 3 : 1,
    customInspect: false,
    maxArrayLength: 20,
    maxStringLength: 500,
  });
  return `${name}: ${typeName(value)}\n\n${text}`;
}

/** Asks top-level values for their types: name → type text, for those that answer. */
export async function typesOf(names: Iterable<string>): Promise<Record<string, string>> {
  const told: Record<string, string> = {};
  const answers = new Map<object, Promise<unknown>>();
  const objects = [...names].map((name) => [name, valueAt([name]).value] as const).filter(isObjectNamed);
  if (objects.length === 0) return told;
  const asked = objects.map(async ([name, value]) => {
    if (!answers.has(value)) answers.set(value, typeOf(value));
    const text = await answers.get(value);
    if (typeof text === "string") told[name] = text;
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, TYPES_WITHIN_MS)));
  await Promise.race([Promise.all(asked), late]);
  clearTimeout(timer);
  return { ...told };
}

function isObjectNamed(named: readonly [string, unknown]): named is readonly [string, object] {
  return typeof named[1] === "object" && named[1] !== null;
}

// A value that can't tell its type keeps the one that TypeScript knows.
async function typeOf(value: object): Promise<unknown> {
  if (slow.has(value)) return undefined;
  slow.add(value);
  try {
    const tell: unknown = (value as Record<symbol, unknown>)[TYPE_SYMBOL];
    return typeof tell === "function" ? ((await tell.call(value)) as unknown) : undefined;
  } catch {
    return undefined;
  } finally {
    slow.delete(value);
  }
}

function descriptorOf(value: unknown, name: string): PropertyDescriptor | undefined {
  if (value === null || value === undefined) return undefined;
  for (let at = Object(value) as object | null; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    if (types.isProxy(at)) return undefined;
    const descriptor = Object.getOwnPropertyDescriptor(at, name);
    if (descriptor) return descriptor;
  }
  return undefined;
}

function kindOf(descriptor: PropertyDescriptor): string {
  if (!("value" in descriptor)) return "property";
  if (typeof descriptor.value !== "function") return "property";
  return /^class\b/.test(Function.prototype.toString.call(descriptor.value)) ? "class" : "function";
}

function typeName(value: unknown): string {
  if (value === null || typeof value !== "object") return value === null ? "null" : typeof value;
  if (types.isProxy(value)) return "Proxy";
  const constructor = descriptorOf(value, "constructor")?.value as { name?: unknown } | undefined;
  return typeof constructor?.name === "string" && constructor.name !== "" ? constructor.name : "object";
}
