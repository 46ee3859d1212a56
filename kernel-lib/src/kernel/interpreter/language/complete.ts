import type { CompletionEntry, Project } from "typescript7/unstable/sync";
import { CompletionItemKind, SymbolFlags } from "typescript7/unstable/sync";
import type { Completion, Completions } from "../interpreter.ts";
import { namesDeclaredIn } from "./cell-files.ts";
import type { CellFiles } from "./cell-files.ts";
import type { NotebookProject } from "./project.ts";

const NAME_BEFORE = /[\p{L}_$][\p{L}\p{N}_$]*$/u;
const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/gu;
const KEYWORDS =
  "as async await break case catch class const continue default do else enum export extends finally for from function if " +
  "implements import in instanceof interface let new of return satisfies switch this throw try type typeof using var void while yield";

const KINDS: Partial<Record<CompletionItemKind, string>> = {
  [CompletionItemKind.Method]: "method",
  [CompletionItemKind.Function]: "function",
  [CompletionItemKind.Constructor]: "method",
  [CompletionItemKind.Field]: "property",
  [CompletionItemKind.Property]: "property",
  [CompletionItemKind.Variable]: "variable",
  [CompletionItemKind.Class]: "class",
  [CompletionItemKind.Interface]: "interface",
  [CompletionItemKind.Module]: "module",
  [CompletionItemKind.Enum]: "enum",
  [CompletionItemKind.EnumMember]: "property",
  [CompletionItemKind.Keyword]: "keyword",
  [CompletionItemKind.Constant]: "constant",
  [CompletionItemKind.File]: "file",
  [CompletionItemKind.Folder]: "folder",
  [CompletionItemKind.TypeParameter]: "type",
};

/** Completes at a cursor: members, texts such as columns' names, module names, and names in scope. */
export function completeAt(
  project: NotebookProject,
  cells: CellFiles,
  code: string,
  cursor: number,
): Completions | undefined {
  const range = textBefore(code, cursor) ?? nameBefore(code, cursor);
  const isName = !range.inText && !/\.\s*$/.test(code.slice(0, range.start));
  cells.open(code, namesDeclaredIn(code), isName ? cells.names : []);
  const matches = project.ask((program) => {
    const listed = entriesAt(program, cells.current, cursor);
    return listed ?? (isName ? namesInScope(program, cells, code, range) : []);
  });
  const { start, end, prefix } = range;
  const fitting = matches.filter(({ text }) => text.toLowerCase().startsWith(prefix.toLowerCase()));
  if (fitting.length === 0) return undefined;
  fitting.sort((a, b) => Number(b.text.startsWith(prefix)) - Number(a.text.startsWith(prefix)));
  return { matches: fitting, start, end };
}

interface Range {
  start: number;
  end: number;
  prefix: string;
  inText: boolean;
}

function nameBefore(code: string, cursor: number): Range {
  const prefix = NAME_BEFORE.exec(code.slice(0, cursor))?.[0] ?? "";
  return { start: cursor - prefix.length, end: cursor, prefix, inText: false };
}

// The text that is being written on the cursor's line, from its quote or, in a path, from its last slash.
function textBefore(code: string, cursor: number): Range | undefined {
  const line = code.slice(code.lastIndexOf("\n", cursor - 1) + 1, cursor);
  let quote: string | undefined;
  let from = 0;
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!;
    if (char === "\\") at++;
    else if (quote === undefined && /["'`]/.test(char)) [quote, from] = [char, at + 1];
    else if (quote === undefined && line.startsWith("//", at)) return undefined;
    else if (char === quote) quote = undefined;
  }
  if (quote === undefined || quote === "`") return undefined;
  const path = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*$/.test(line.slice(0, from - 1));
  const prefix = path ? line.slice(Math.max(from, line.lastIndexOf("/") + 1)) : line.slice(from);
  return { start: cursor - prefix.length, end: cursor, prefix, inText: true };
}

function entriesAt({ checker }: Project, file: string, cursor: number): Completion[] | undefined {
  let entries: readonly CompletionEntry[];
  try {
    entries = checker.getCompletionsAtPosition(file, cursor, {})?.entries ?? [];
  } catch (error) {
    // Where any name can stand, TypeScript wants to look through all modules, which it can't do here.
    if (/auto imports/.test(String(error))) return undefined;
    throw error;
  }
  return entries
    .filter(({ name }) => !name.startsWith("__"))
    .map(({ name, kind, detail }) => {
      const isFile = kind === CompletionItemKind.File && /\.[cm]?tsx?$/.test(detail ?? "");
      return { text: isFile && detail && !/\.d\.[cm]?ts$/.test(detail) ? detail : name, type: KINDS[kind ?? 1] ?? "" };
    });
}

function namesInScope({ checker }: Project, cells: CellFiles, code: string, { prefix, start }: Range): Completion[] {
  const lower = prefix.toLowerCase();
  const words = [...code.slice(0, start).matchAll(WORD), ...code.slice(start + prefix.length).matchAll(WORD)];
  // This thread has the globals that cells have, but for those that are the notebook's own.
  const globals = Object.getOwnPropertyNames(globalThis);
  const names = new Set([...cells.names, ...words.map(([word]) => word), ...globals]);
  const found = [...names].flatMap((name): Completion[] => {
    if (!name.toLowerCase().startsWith(lower)) return [];
    const meaning = SymbolFlags.Value | SymbolFlags.Type | SymbolFlags.Namespace | SymbolFlags.Alias;
    const symbol = checker.resolveName(name, meaning, { document: cells.current, position: start });
    return symbol ? [{ text: name, type: kindOf(symbol.flags) }] : [];
  });
  const known = new Set(found.map(({ text }) => text));
  const keywords =
    prefix === "" ? [] : KEYWORDS.split(" ").filter((word) => word.startsWith(prefix) && !known.has(word));
  return [...found, ...keywords.map((text) => ({ text, type: "keyword" }))];
}

/** What a name stands for, in a word. */
export function kindOf(flags: number): string {
  const kinds: [number, string][] = [
    [SymbolFlags.Method, "method"],
    [SymbolFlags.Function, "function"],
    [SymbolFlags.Class, "class"],
    [SymbolFlags.Interface, "interface"],
    [SymbolFlags.TypeAlias, "type"],
    [SymbolFlags.Enum, "enum"],
    [SymbolFlags.EnumMember, "enum member"],
    [SymbolFlags.Property | SymbolFlags.Accessor, "property"],
    [SymbolFlags.Variable, "variable"],
    [SymbolFlags.Module | SymbolFlags.Alias, "module"],
  ];
  return kinds.find(([flag]) => (flags & flag) !== 0)?.[1] ?? "name";
}
