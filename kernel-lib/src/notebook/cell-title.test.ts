import { expect, test } from "vitest";
import { cellTitle } from "./cell-title.ts";
import type { Cell, CodeCell } from "./nbformat.ts";

const cell = (source: string, metadata: CodeCell["metadata"] = {}): CodeCell => ({
  cell_type: "code",
  source,
  metadata,
  execution_count: null,
  outputs: [],
});
const text = (source: string): Cell => ({ cell_type: "markdown", source, metadata: {} });

test.each([
  [cell("x", { title: "Load" }), "Load"],
  [cell("x", { tags: ["raises-exception", "parameters"] }), "parameters"],
  [cell("  \n  const a = 1;\nb"), "const a = 1;"],
  [cell("x".repeat(100)), "x".repeat(59) + "…"],
  [cell("//\x1b[31mred"), " [31mred"],
])("the cell %j is called %j", (code, title) => {
  expect(cellTitle(code, [text("no heading"), code])).toBe(title);
});

test("a cell right below a heading is called by it, the next one is not", () => {
  const [first, second] = [cell("a"), cell("b")];
  const cells = [text("Words.\n\n## Landing  \n\nMore words."), first, second];
  expect(cellTitle(first, cells)).toBe("Landing");
  expect(cellTitle(second, cells)).toBe("b");
});
