/** What happens with type errors: they stop the cell, are only printed, or are not looked for. */
export type TypeCheckMode = "error" | "warn" | "off";

/** Whether a text names a mode. */
export function isTypeCheckMode(text: string): text is TypeCheckMode {
  return text === "error" || text === "warn" || text === "off";
}

/** The cell without its magic lines, and what they ask for. */
export interface MagicCell {
  /** The same text with magic lines blanked, so that offsets stay true. */
  code: string;
  typecheck?: TypeCheckMode;
  /** A magic that does not exist or is misspelled. */
  problem?: { message: string; start: number; end: number };
}

const LINE = /^[ \t]*%(\w+)[ \t]*([^\n]*)$/;

/** Reads the magic lines at the top of a cell: `%typecheck error|warn|off`. */
export function readMagics(code: string): MagicCell {
  if (!/^\s*%/.test(code)) return { code };
  const result: MagicCell = { code };
  let offset = 0;
  for (const line of code.split("\n")) {
    const match = LINE.exec(line);
    if (match) {
      const [, name = "", rest = ""] = match;
      const argument = rest.trim();
      if (name === "typecheck" && isTypeCheckMode(argument)) result.typecheck = argument;
      else {
        const message = `There is no magic %${name} ${argument}`.trimEnd() + ". Known: %typecheck error, warn or off.";
        result.problem ??= { message, start: offset, end: offset + line.length };
      }
      result.code = result.code.slice(0, offset) + " ".repeat(line.length) + result.code.slice(offset + line.length);
    } else if (line.trim() !== "") break;
    offset += line.length + 1;
  }
  return result;
}
