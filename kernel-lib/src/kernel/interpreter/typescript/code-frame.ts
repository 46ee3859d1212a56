const RED = "\u001b[31m";
const DIM = "\u001b[90m";
const RESET = "\u001b[0m";

/** The line and column (from 0) of an offset. */
export function lineAndColumn(code: string, offset: number): { line: number; column: number } {
  const before = code.slice(0, offset).split("\n");
  return { line: before.length - 1, column: before.at(-1)?.length ?? 0 };
}

/** Shows a line of code with one line around it and a mark under the column. Lines and columns count from 0. */
export function codeFrame(code: string, line: number, column: number): string[] {
  const lines = code.split("\n");
  const last = Math.min(lines.length - 1, line + 1);
  const width = String(last + 1).length;
  const frame: string[] = [];
  for (let at = Math.max(0, line - 1); at <= last; at++) {
    const text = lines[at] ?? "";
    const number = String(at + 1).padStart(width);
    if (at !== line) {
      frame.push(`${DIM}  ${number} | ${text}${RESET}`);
      continue;
    }
    frame.push(`${RED}>${RESET} ${number} | ${text}`);
    // Tabs stay tabs, so that the mark stands under its character.
    const indent = text.slice(0, column).replace(/[^\t]/g, " ");
    frame.push(`  ${" ".repeat(width)} | ${indent}${RED}^${RESET}`);
  }
  return frame;
}
