/** Ambient declarations, cut so that a cell needs only those that it names. */
export interface AmbientParts {
  /** What is read at once: types, modules, and values that need no other module. */
  base: string;
  /** The text of each value whose type comes from a module. */
  values: Map<string, string>;
}

const VALUE = /^(?:\/\*\*[^]*?\*\/\s*)?declare (?:const|let|var|function) ([\p{L}_$][\p{L}\p{N}_$]*)/u;
const STARTS = /^(?:\/\*\*|declare |interface |type |namespace |import |export )/;

/**
 * Cuts ambient TypeScript into its values and the rest. The types of a big library are then read when a cell first names it,
 * not when the kernel starts.
 */
export function cutAmbient(text: string): AmbientParts {
  const pieces: string[] = [];
  let depth = 0;
  let inComment = false;
  let afterComment = false;
  for (const line of text.split("\n")) {
    if (depth === 0 && !inComment && !afterComment && STARTS.test(line)) pieces.push("");
    pieces.push((pieces.pop() ?? "") + line + "\n");
    const comment: boolean = inComment || line.startsWith("/**");
    inComment = comment && !line.includes("*/");
    afterComment = comment && /\*\/\s*$/.test(line);
    if (!comment) depth += count(line, /[{([]/g) - count(line, /[})\]]/g);
  }
  // Braces in odd places: rather all in one piece than cut wrong.
  if (depth !== 0) return { base: text, values: new Map() };
  const values = new Map<string, string>();
  let base = "";
  for (const piece of pieces) {
    const name = VALUE.exec(piece)?.[1];
    // What names no module costs nothing.
    if (name === undefined || !/\bimport\(/.test(piece)) base += piece;
    else values.set(name, (values.get(name) ?? "") + piece);
  }
  return { base, values };
}

function count(line: string, what: RegExp): number {
  return line.match(what)?.length ?? 0;
}
