import { tagsOf } from "./nbformat.ts";
import type { Cell, CodeCell } from "./nbformat.ts";

const WIDTH = 60;

/** What a cell is called in one line: its title, its tag, the heading right above it, or the first line of its code. */
export function cellTitle(cell: CodeCell, cells: readonly Cell[]): string {
  const title = cell.metadata["title"];
  if (typeof title === "string" && title !== "") return oneLine(title);
  const tag = tagsOf(cell).find((one) => one !== "raises-exception" && one !== "skip");
  return oneLine(tag ?? headingAbove(cell, cells) ?? firstLine(cell));
}

function headingAbove(cell: CodeCell, cells: readonly Cell[]): string | undefined {
  const above = cells[cells.indexOf(cell) - 1];
  if (above?.cell_type !== "markdown") return undefined;
  return /^#+\s+(.*\S)/m.exec(above.source)?.[1];
}

function firstLine(cell: CodeCell): string {
  const first = cell.source.split("\n").find((line) => line.trim() !== "") ?? "";
  return first.trim().replace(/^\/\/+\s*/, "");
}

function oneLine(text: string): string {
  return cut(text.replace(/[\x00-\x1f\x7f]/g, " "), WIDTH);
}

/** The text, or its beginning and an ellipsis when it is longer than the width. */
export function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;
}
