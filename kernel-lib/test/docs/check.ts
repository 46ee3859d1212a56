// What the modules of the examples call around their statements.
import { formatWithOptions } from "node:util";
import { expect, vi } from "vitest";
import { Column, DataFrame } from "../../src/sql/index.ts";
import { spark } from "./surroundings.ts";

let lines: string[] = [];

/** Keeps what is printed instead of printing it, until the mocks are restored. */
export function keepPrinted(): void {
  lines = [];
  vi.spyOn(console, "log").mockImplementation((...items: unknown[]) => {
    lines.push(formatWithOptions({ colors: false }, ...items));
  });
}

export const check = {
  /** Forgets what was printed before. */
  listen(): void {
    lines = [];
  },

  /** What was printed since then is this text; blanks at the end of lines do not count, and `…` stands for anything. */
  printed(comment: string): void {
    const printed = trimmed(lines.join("\n"));
    if (!comment.includes("…")) expect(printed).toBe(trimmed(comment));
    else expect(printed).toMatch(new RegExp(`^${trimmed(comment).split("…").map(escaped).join("[^]*")}$`));
  },

  /** Runs a frame, and a column that has a value as its comment. A comment that is a value says what the expression gives; any other comment is for readers. */
  async value(value: unknown, comment?: string): Promise<void> {
    if (value instanceof DataFrame) await value.collect();
    const said = comment === undefined ? undefined : parsed(comment);
    if (said === undefined) return;
    if (!(value instanceof Column)) return expect(value).toEqual(said.value);
    const [row] = await spark.range(1).select(value).collect();
    expect(plain(row?.[0])).toEqual(said.value);
  },
};

function trimmed(text: string): string {
  return text.replace(/[ \t]+$/gm, "").replace(/\n+$/, "");
}

function parsed(comment: string): { value: unknown } | undefined {
  if (/^-?\d+n$/.test(comment)) return { value: BigInt(comment.slice(0, -1)) };
  if (comment === "undefined") return { value: undefined };
  try {
    return { value: JSON.parse(comment) as unknown };
  } catch {
    return undefined;
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** A value of a row as JSON has it. */
function plain(value: unknown): unknown {
  const inNumbers = (_: string, item: unknown): unknown => (typeof item === "bigint" ? Number(item) : item);
  return JSON.parse(JSON.stringify(value ?? null, inNumbers));
}
