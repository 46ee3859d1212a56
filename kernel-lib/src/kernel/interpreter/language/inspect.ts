import type { Checker, Symbol as Declared, Type } from "typescript7/unstable/sync";
import { NodeBuilderFlags, SymbolFlags } from "typescript7/unstable/sync";
import type { Inspection } from "../interpreter.ts";
import { namesDeclaredIn } from "./cell-files.ts";
import type { CellFiles } from "./cell-files.ts";
import { kindOf } from "./complete.ts";
import type { NotebookProject } from "./project.ts";

const MOST_MEMBERS = 100;

/** Describes what stands at a cursor: its type and documentation, with `detail` also its members. */
export function inspectAt(
  project: NotebookProject,
  cells: CellFiles,
  code: string,
  cursor: number,
  detail: number,
): Inspection | undefined {
  const position = nameAt(code, cursor);
  if (position === undefined) return undefined;
  cells.open(code, namesDeclaredIn(code));
  return project.ask(({ checker }) => {
    const symbol = checker.getSymbolAtPosition(cells.current, position);
    const type = checker.getTypeAtPosition(cells.current, position);
    if (symbol === undefined || checker.isUnknownSymbol(symbol)) return undefined;
    const target = symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    if (type === undefined || checker.isUnknownSymbol(target)) return undefined;
    // The values know more of what has no type.
    if (type.isErrorType() || type.id === checker.getAnyType().id) return undefined;
    return describe(checker, target, type, detail, documentationOf(checker, cells, target));
  });
}

// The name under the cursor, or before it: a cursor after `read(` asks for `read`.
function nameAt(code: string, cursor: number): number | undefined {
  const at = Math.min(cursor, code.length);
  if (/[\p{L}\p{N}_$]/u.test(code[at] ?? "")) return at;
  const before = /[\p{L}\p{N}_$][\s(.?]*$/u.exec(code.slice(0, at));
  return before?.index;
}

// A variable of an earlier cell is declared anew for this one; what was written about it stands in its own cell.
function documentationOf(checker: Checker, cells: CellFiles, symbol: Declared): string {
  const here = symbol.getDocumentationComment(checker).trim();
  const file = here === "" && symbol.flags & SymbolFlags.Variable ? cells.fileOf(symbol.name) : undefined;
  if (file === undefined || file === cells.current) return here;
  const there = checker.resolveName(symbol.name, SymbolFlags.Value, { document: file, position: 0 });
  return there?.getDocumentationComment(checker).trim() ?? "";
}

function describe(checker: Checker, symbol: Declared, type: Type, detail: number, documentation: string): Inspection {
  const flags = NodeBuilderFlags.NoTruncation | NodeBuilderFlags.UseAliasDefinedOutsideCurrentScope;
  const kind = kindOf(symbol.flags);
  const owner =
    symbol.flags & (SymbolFlags.ClassMember | SymbolFlags.EnumMember) ? symbol.getParent()?.name : undefined;
  const name = owner === undefined || /^__/.test(owner) ? symbol.name : `${owner}.${symbol.name}`;
  const written = withoutPaths(checker.typeToString(type, undefined, detail > 0 ? flags : undefined));
  const head =
    /^(?:interface|type|class|enum|module)$/.test(kind) && written.includes(symbol.name)
      ? `(${kind}) ${symbol.name}`
      : `(${kind}) ${name}: ${written}`;
  const tags = symbol.getJsDocTags(checker).map(({ name: tag, text = "" }) => {
    return `@${tag}${text === "" ? "" : text.includes("\n") ? `\n${text}` : ` ${text}`}`;
  });
  const members = detail > 0 ? membersOf(checker, type) : [];
  const parts = [documentation, tags.join("\n\n")].filter((part) => part !== "");
  const list = members.length > 0 ? `Members:\n${members.map((member) => `  ${member}`).join("\n")}` : "";
  return {
    text: [head, ...parts, ...(list ? [list] : [])].join("\n\n"),
    markdown: [fenced(head), ...parts, ...(list ? [fenced(members.join("\n"))] : [])].join("\n\n"),
  };
}

function membersOf(checker: Checker, type: Type): string[] {
  if (!type.isObjectType() && !type.isClassOrInterface() && !type.isIntersectionType()) return [];
  const members = checker.getPropertiesOfType(type).filter(({ name }) => /^[\p{L}$][\p{L}\p{N}_$]*$/u.test(name));
  const types = checker.getTypeOfSymbol(members.slice(0, MOST_MEMBERS));
  const lines = types.map((member, index) => {
    const written = member === undefined ? "" : `: ${withoutPaths(checker.typeToString(member))}`;
    return `${members[index]!.name}${written}`;
  });
  return members.length > MOST_MEMBERS ? [...lines, `… and ${members.length - MOST_MEMBERS} more`] : lines;
}

// `import("…").Session` says where a type is from; its name is enough to read.
function withoutPaths(type: string): string {
  return type.replace(/import\("[^"]*"\)\./g, "");
}

function fenced(code: string): string {
  return `\`\`\`typescript\n${code}\n\`\`\``;
}
