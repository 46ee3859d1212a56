import { parseSync } from "oxc-parser";
import { HOOK } from "./hook-name.ts";
import type { PositionMap } from "./messages.ts";
import type { Node, UsingDeclaration } from "./scan.ts";
import { isNode, walk } from "./scan.ts";

// Strict like a module. The `void 0` keeps the directive from being the cell's result.
const PROLOGUE = '"use strict";void 0;';

/** Replaces the text from start to end. */
type Edit = [start: number, end: number, text: string];

/**
 * Makes a script of a cell's emitted JavaScript.
 *
 * - Top-level `let`, `const` and `class` become `var`: any name can be declared again as anything, and closures of earlier
 *   cells see the new value.
 * - Imports become awaited calls, which the session resolves from the notebook's folder.
 * - What is awaited goes through the session, so that an interrupt ends the wait.
 *
 * No line is added or removed; how far columns moved is noted.
 */
export function rewriteCell(
  js: string,
  usings: readonly UsingDeclaration[],
  enums: ReadonlySet<string> = new Set(),
): { js: string; shifts: PositionMap["shifts"]; awaits: PositionMap["awaits"] } {
  const program = parseSync("cell.js", js, { lang: "js", sourceType: "module" }).program as unknown as Node;
  const edits: Edit[] = [[0, 0, PROLOGUE]];
  const awaits: PositionMap["awaits"] = [];
  // The promise between an await and what it waits for hides the await from stacks, so each tells its place by a number.
  const waiting = (at: number): number => {
    const before = js.slice(0, at);
    awaits.push([++lastAwait, before.split("\n").length - 1, at - before.lastIndexOf("\n") - 1]);
    return lastAwait;
  };
  const disposed = new Map(usings.flatMap(({ names, awaited }) => names.map((name) => [name, awaited] as const)));
  for (const statement of program["body"] as Node[]) editStatement(statement, js, disposed, edits);
  for (const node of walk(program)) editInside(node, enums, waiting, edits);
  return { ...apply(js, edits), awaits };
}

function editStatement(statement: Node, js: string, disposed: ReadonlyMap<string, boolean>, edits: Edit[]): void {
  const source = (node: Node): string => js.slice(node.start, node.end);
  switch (statement.type) {
    case "ImportDeclaration":
      edits.push([statement.start, statement.end, importCall(statement, source)]);
      return;
    case "ExportAllDeclaration":
      edits.push([statement.start, statement.end, `await ${HOOK}.load(${source(statement["source"] as Node)});`]);
      return;
    case "ExportNamedDeclaration":
    case "ExportDefaultDeclaration":
      editExport(statement, js, disposed, edits);
      return;
    case "VariableDeclaration":
      editVariables(statement, disposed, edits);
      return;
    case "ClassDeclaration":
      edits.push([statement.start, statement.start, `var ${source(statement["id"] as Node)} = `]);
      edits.push([statement.end, statement.end, ";"]);
      return;
  }
}

function editExport(statement: Node, js: string, disposed: ReadonlyMap<string, boolean>, edits: Edit[]): void {
  const declaration = statement["declaration"];
  if (!isNode(declaration)) {
    const from = isNode(statement["source"]) ? js.slice(statement["source"].start, statement["source"].end) : undefined;
    edits.push([statement.start, statement.end, from === undefined ? ";" : `await ${HOOK}.load(${from});`]);
    return;
  }
  edits.push([statement.start, declaration.start, ""]);
  if (/Declaration$/.test(declaration.type) && (declaration.type === "VariableDeclaration" || declaration["id"])) {
    editStatement(declaration, js, disposed, edits);
  } else {
    // The exported value is the cell's result.
    edits.push([declaration.start, declaration.start, "("], [declaration.end, declaration.end, ")"]);
  }
}

function editVariables(declaration: Node, disposed: ReadonlyMap<string, boolean>, edits: Edit[]): void {
  const kind = declaration["kind"] as string;
  if (kind !== "var") edits.push([declaration.start, declaration.start + kind.length, "var"]);
  for (const declarator of declaration["declarations"] as Node[]) {
    const id = declarator["id"] as Node;
    const init = declarator["init"];
    const awaited = disposed.get(id["name"] as string);
    if (awaited !== undefined && isNode(init)) {
      edits.push([init.start, init.start, `${HOOK}.use(`], [init.end, init.end, `, ${awaited})`]);
    } else if (!isNode(init) && kind === "let" && id.type === "Identifier") {
      // `let x;` gives x a new, undefined value; `var x;` would keep the old one.
      edits.push([id.end, id.end, " = undefined"]);
    }
  }
}

function importCall(statement: Node, source: (node: Node) => string): string {
  const attributes = (statement["attributes"] as Node[] | undefined) ?? [];
  const options = attributes.map((a) => `${source(a["key"] as Node)}: ${source(a["value"] as Node)}`).join(", ");
  const call = `await ${HOOK}.load(${source(statement["source"] as Node)}${options && `, { with: { ${options} } }`})`;
  const names: string[] = [];
  let namespace: string | undefined;
  for (const specifier of statement["specifiers"] as Node[]) {
    const local = source(specifier["local"] as Node);
    if (specifier.type === "ImportNamespaceSpecifier") namespace = local;
    else if (specifier.type === "ImportDefaultSpecifier") names.push(`default: ${local}`);
    else names.push(`${source(specifier["imported"] as Node)}: ${local}`);
  }
  const newlines = "\n".repeat(source(statement).split("\n").length - 1);
  if (namespace !== undefined) {
    const rest = names.length > 0 ? `, { ${names.join(", ")} } = ${namespace}` : "";
    return `var ${namespace} = ${call}${rest};${newlines}`;
  }
  return `${names.length > 0 ? `var { ${names.join(", ")} } = ` : ""}${call};${newlines}`;
}

let lastAwait = 0;

function editInside(node: Node, enums: ReadonlySet<string>, waiting: (at: number) => number, edits: Edit[]): void {
  if (node.type === "VariableDeclarator" && enums.has((node["id"] as Node)["name"] as string)) {
    // An enum is emitted as `var E = function (E) {…}(E || {})`: a new declaration must not add to the old one.
    const merged = ((node["init"] as Node | null)?.["arguments"] as Node[] | undefined)?.[0];
    if (merged?.type === "LogicalExpression") edits.push([merged.start, merged.end, "{}"]);
  } else if (node.type === "ImportExpression") {
    edits.push([node.start, node.start + "import".length, `${HOOK}.load`]);
  } else if (node.type === "MetaProperty" && (node["meta"] as Node)["name"] === "import") {
    edits.push([node.start, node.end, `${HOOK}.meta`]);
  } else if (node.type === "AwaitExpression") {
    const argument = node["argument"] as Node;
    edits.push(
      [argument.start, argument.start, `${HOOK}.wait(`],
      [argument.end, argument.end, `, ${waiting(node.start)})`],
    );
  } else if (node.type === "ForOfStatement" && node["await"] === true) {
    const right = node["right"] as Node;
    edits.push([right.start, right.start, `${HOOK}.each(`], [right.end, right.end, `, ${waiting(node.start)})`]);
  }
}

function apply(js: string, edits: readonly Edit[]): { js: string; shifts: PositionMap["shifts"] } {
  const ordered = edits
    .map((edit, order) => ({ edit, order }))
    .sort((a, b) => a.edit[0] - b.edit[0] || a.order - b.order)
    .map(({ edit }) => edit);
  const shifts: PositionMap["shifts"] = [];
  let out = "";
  let at = 0;
  let line = 0;
  let lineStart = 0;
  const append = (text: string): void => {
    for (let next = text.indexOf("\n"); next >= 0; next = text.indexOf("\n", next + 1)) {
      line++;
      lineStart = out.length + next + 1;
    }
    out += text;
  };
  for (const [start, end, text] of ordered) {
    if (start < at) continue;
    append(js.slice(at, start));
    append(text);
    const delta = text.length - (end - start);
    if (delta !== 0 && !text.includes("\n")) shifts.push([line, out.length - lineStart, delta]);
    at = end;
  }
  append(js.slice(at));
  return { js: out, shifts };
}
