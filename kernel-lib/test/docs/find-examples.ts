// Finds the examples of the doc comments and of the README, and makes a module of each.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import type { ExportedNames } from "./compile.ts";

/** The folder of the package. */
export const packageFolder = fileURLToPath(new URL("../../", import.meta.url));

/** One `ts` block of a doc comment, or of the README. */
export interface Example {
  /** The file, from the folder of the sources; or a README.md. */
  readonly file: string;
  readonly line: number;
  readonly code: string;
  /** How it is run: as a module, as a notebook's cell, or not at all, for the reason given. */
  readonly run: "module" | "notebook" | "no";
  readonly reason: string;
}

/**
 * Every `ts` block after an `@example` in the sources, and those of the README. Fences: `ts`, `ts notebook`,
 * `ts no-run why it can't`.
 */
export function findExamples(): Example[] {
  const source = join(packageFolder, "src");
  const files = readdirSync(source, { recursive: true, encoding: "utf8" });
  const kept = files.filter((file) => file.endsWith(".ts") && !/^generated|\.test\.ts$/.test(file));
  const ofSources = kept.sort().flatMap((file) => examplesOf(file, readFileSync(join(source, file), "utf8")));
  return [...ofSources, ...["README.md", "kernel-lib/README.md"].flatMap(examplesOfReadme)];
}

function examplesOfReadme(file: string): Example[] {
  const text = readFileSync(join(packageFolder, "..", file), "utf8");
  return [...text.matchAll(/^```ts\b(.*)\n([\s\S]*?)^```/gm)].map(({ index, 1: fence = "", 2: code = "" }) => {
    const line = text.slice(0, index).split("\n").length;
    return { file, line, code, ...kindOf(fence.trim(), `${file}:${line}`) };
  });
}

function examplesOf(file: string, text: string): Example[] {
  const found: Example[] = [];
  for (const comment of text.matchAll(/\/\*\*(?:[^*]|\*(?!\/))*\*\//g)) {
    let open: { line: number; fence: string; lines: string[] } | undefined;
    let seen = false;
    const firstLine = text.slice(0, comment.index).split("\n").length;
    for (const [index, raw] of comment[0].split("\n").entries()) {
      const line = raw.replace(/^\s*\*? ?/, "");
      if (line.startsWith("@example")) seen = true;
      else if (!seen) continue;
      else if (!open && /^```ts\b/.test(line))
        open = { line: firstLine + index, fence: line.slice(5).trim(), lines: [] };
      else if (open && line.startsWith("```")) {
        found.push({
          file,
          line: open.line,
          code: open.lines.join("\n"),
          ...kindOf(open.fence, `${file}:${open.line}`),
        });
        open = undefined;
      } else open?.lines.push(line);
    }
  }
  return found;
}

function kindOf(fence: string, place: string): Pick<Example, "run" | "reason"> {
  if (fence === "") return { run: "module", reason: "" };
  if (fence === "notebook") return { run: "notebook", reason: "" };
  const reason = /^no-run (.+)$/.exec(fence)?.[1];
  if (reason === undefined)
    throw new Error(`${place}: the fence says "${fence}"; write ts, ts notebook, or ts no-run and why.`);
  return { run: "no", reason };
}

/**
 * The text of a module that runs an example. Names that it neither declares nor imports are imported from where a reader
 * expects them: the file the example documents, then its import path, then the surroundings of the examples.
 */
export function moduleOf(example: Example, folder: string, names: (path: string) => ExportedNames): string {
  const tree = ts.createSourceFile("example.ts", example.code, ts.ScriptTarget.Latest, true);
  const wanted = freeNames(tree);
  const source = join(packageFolder, "src");
  const room = join(source, example.file.split("/")[0]!, "index.ts");
  const here = fileURLToPath(new URL("./", import.meta.url));
  const lines: string[] = [`import { check } from "${specifier(folder, join(here, "check.ts"))}";`];
  for (const path of [join(source, example.file), room, join(here, "surroundings.ts")]) {
    const known = names(path);
    const taken = [...wanted].filter((name) => known.has(name));
    for (const name of taken) wanted.delete(name);
    const imports = taken.map((name) => (known.get(name) === "type" ? `type ${name}` : name));
    if (taken.length > 0) lines.push(`import { ${imports.join(", ")} } from "${specifier(folder, path)}";`);
  }
  return `${lines.join(" ")} void check;\n${checked(tree)}\n`;
}

function specifier(folder: string, path: string): string {
  return relative(folder, path).replace(/^(?!\.)/, "./");
}

/** The identifiers of a text that it does not declare. */
function freeNames(tree: ts.SourceFile): Set<string> {
  const used = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const { parent } = node;
      const isName = "name" in parent && parent.name === node;
      if (isName && !ts.isPropertyAccessExpression(parent)) {
        if (ts.isShorthandPropertyAssignment(parent)) used.add(node.text);
        else if (!ts.isPropertyAssignment(parent)) declared.add(node.text);
      } else if (!isName) used.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return new Set([...used].filter((name) => !declared.has(name)));
}

/** Puts checks around the statements: what the comment behind one says it prints or gives must be so. */
function checked(tree: ts.SourceFile): string {
  const text = tree.text;
  let result = "";
  let at = 0;
  for (const statement of tree.statements) {
    const comment = commentBehind(text, statement.end);
    const start = statement.getStart(tree);
    result += text.slice(at, start);
    at = statement.end;
    const code = text.slice(start, at);
    if (printing.test(code) && comment !== undefined) {
      result += `check.listen(); ${code} check.printed(${JSON.stringify(comment)});`;
    } else if (ts.isExpressionStatement(statement) && !ts.isAwaitExpression(statement.expression)) {
      const value = statement.expression.getText(tree);
      result += `await check.value(${value}${comment === undefined ? "" : `, ${JSON.stringify(comment)}`});`;
    } else result += code;
  }
  return result + text.slice(at);
}

const printing = /\bconsole\.log\(|\.(show|printSchema|explain)\(/;

/** The comment behind a statement: on its line, or the lines of comment below it. */
function commentBehind(text: string, end: number): string | undefined {
  const [first = "", ...below] = text.slice(end).split("\n");
  const sameLine = /^;?\s*\/\/ (.*)$/.exec(first)?.[1];
  if (sameLine !== undefined) return sameLine;
  if (first.trim() !== "") return undefined;
  const lines: string[] = [];
  for (const line of below) {
    const comment = /^\/\/ ?(.*)$/.exec(line)?.[1];
    if (comment === undefined) break;
    lines.push(comment);
  }
  return lines.length === 0 ? undefined : lines.join("\n");
}
