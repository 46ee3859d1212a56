// The table that `show` prints, to the character, and its HTML form.
import { tableFromIPC } from "apache-arrow";

import { escapeControl } from "../../../sql/types/text.ts";
import { literal, reference, scalar } from "../analyzer/build.ts";
import type { Expression } from "../resolved/expression.ts";
import type { Relation } from "../resolved/relation.ts";
import { pretty } from "./pretty.ts";
import { runRelation } from "./run.ts";
import type { Session } from "./session.ts";

export interface Shown {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Whether the relation has more rows than were asked for. */
  readonly hasMore: boolean;
}

/** The first rows as text, control characters escaped and long cells cut. */
export async function firstRows(
  relation: Relation,
  numRows: number,
  truncate: number,
  session: Session,
  signal?: AbortSignal,
): Promise<Shown> {
  const count = Math.max(0, Math.min(numRows, 2_147_483_632 - 1));
  const limited: Relation = { kind: "limit", input: relation, limit: count + 1, output: relation.output };
  const cells = relation.output.map((attribute): Expression =>
    scalar(pretty, [reference(attribute)], { kind: "string" }, false),
  );
  // A relation without columns still has rows.
  const expressions = cells.length > 0 ? cells : [literal("", { kind: "string" })];
  const output = expressions.map((_, i) => ({
    id: session.fresh("s"),
    name: `s${i}`,
    dataType: { kind: "string" } as const,
    nullable: false,
    qualifier: [],
  }));
  const text: Relation = { kind: "project", input: limited, expressions, output };
  const rows: string[][] = [];
  for await (const batch of runRelation(text, session, signal)) {
    const table = tableFromIPC(batch.data);
    const columns = cells.map((_, i) => table.getChildAt(i));
    for (let row = 0; row < batch.rowCount; row += 1)
      rows.push(columns.map((column) => cut(escapeControl(String(column?.get(row))), truncate)));
  }
  return {
    header: relation.output.map((attribute) => escapeControl(attribute.name)),
    rows: rows.slice(0, count),
    hasMore: rows.length > count,
  };
}

function cut(text: string, truncate: number): string {
  if (truncate <= 0 || text.length <= truncate) return text;
  return truncate < 4 ? text.slice(0, truncate) : `${text.slice(0, truncate - 3)}...`;
}

const WIDE = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/g;
const SMALLEST = 3;

/** Columns on a terminal: East Asian characters take two. */
function width(text: string): number {
  return text.length + (text.match(WIDE)?.length ?? 0);
}

function padEnd(text: string, to: number): string {
  return text + " ".repeat(Math.max(0, to - width(text)));
}

function padStart(text: string, to: number): string {
  return " ".repeat(Math.max(0, to - width(text))) + text;
}

function footer(numRows: number, hasMore: boolean): string {
  return hasMore ? `only showing top ${numRows} ${numRows === 1 ? "row" : "rows"}` : "";
}

export function tableText(shown: Shown, numRows: number, alignRight: boolean): string {
  const lines = [shown.header, ...shown.rows];
  const widths = shown.header.map((_, i) => Math.max(SMALLEST, ...lines.map((line) => width(line[i] as string))));
  const rule = `+${widths.map((size) => "-".repeat(size)).join("+")}+\n`;
  const pad = alignRight ? padStart : padEnd;
  const line = (cells: readonly string[]) => `|${cells.map((cell, i) => pad(cell, widths[i] as number)).join("|")}|\n`;
  return `${rule}${line(shown.header)}${rule}${shown.rows.map(line).join("")}${rule}${footer(numRows, shown.hasMore)}`;
}

export function verticalText(shown: Shown, numRows: number): string {
  if (shown.rows.length === 0) return "(0 rows)";
  const nameWidth = Math.max(SMALLEST, ...shown.header.map(width));
  const valueWidth = Math.max(SMALLEST, ...shown.rows.flat().map(width));
  const record = (row: readonly string[], i: number) => {
    const title = `-RECORD ${i}`.padEnd(nameWidth + valueWidth + 5, "-");
    const fields = row.map(
      (cell, at) => ` ${padEnd(shown.header[at] as string, nameWidth)} | ${padEnd(cell, valueWidth)} \n`,
    );
    return `${title}\n${fields.join("")}`;
  };
  return `${shown.rows.map(record).join("")}${footer(numRows, shown.hasMore)}`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] as string);
}

export function htmlText(shown: Shown, numRows: number): string {
  const row = (cells: readonly string[], tag: string) =>
    `<tr><${tag}>${cells.map(escapeHtml).join(`</${tag}><${tag}>`)}</${tag}></tr>\n`;
  const body = shown.rows.map((cells) => row(cells, "td")).join("");
  return `<table border='1'>\n${row(shown.header, "th")}${body}</table>\n${footer(numRows, shown.hasMore)}${shown.hasMore ? "\n" : ""}`;
}
