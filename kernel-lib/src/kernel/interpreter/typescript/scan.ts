import type { Program } from "oxc-parser";
import { parseSync } from "oxc-parser";
import type { CellBinding } from "../language/language.ts";

/** Something that makes a cell unreadable. Offsets are UTF-16 units. */
export interface SyntaxProblem {
  message: string;
  start: number;
  end: number;
}

/** A `using` declaration at the top level: its range, and whether it is `await using`. */
export interface UsingDeclaration {
  start: number;
  end: number;
  names: string[];
  awaited: boolean;
}

/** What is in a cell. */
export interface CellScan {
  problems: SyntaxProblem[];
  bindings: CellBinding[];
  usings: UsingDeclaration[];
  /** The enums declared at the top level. */
  enums: Set<string>;
}

/** Globals without which neither the kernel nor the engine goes on. */
const TAKEN = new Set(
  `Object Function Array Number Boolean String Symbol BigInt Math Date RegExp Error Promise Proxy Reflect JSON Map Set WeakMap
  WeakSet WeakRef ArrayBuffer SharedArrayBuffer DataView Atomics Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array
  Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array TextEncoder TextDecoder AbortController
  AbortSignal globalThis process performance`.split(/\s+/),
);
const MAKES_VALUE = /^(?:Function|Class|TSEnum|TSModule)Declaration$/;

/** A node of the syntax tree, seen loosely: the walk needs only its type, range and children. */
export interface Node {
  type: string;
  start: number;
  end: number;
  [field: string]: unknown;
}

/** Reads a cell: its syntax errors and the names it declares at the top level. */
export function scanCell(code: string): CellScan {
  const parsed = parseSync("cell.ts", code, { lang: "ts", sourceType: "module" });
  const problems = parsed.errors.map(({ message, labels }) => ({
    message,
    start: labels[0]?.start ?? 0,
    end: labels[0]?.end ?? 0,
  }));
  if (problems.length > 0) return { problems, bindings: [], usings: [], enums: new Set() };
  const found = declarationsOf(parsed.program);
  return { problems: [...findUnsupported(parsed.program), ...findTaken(parsed.program)], ...found };
}

/** Every node below (and with) a node, parents first. */
export function* walk(node: Node): Generator<Node> {
  yield node;
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) yield* walk(item);
    } else if (isNode(value)) {
      yield* walk(value);
    }
  }
}

/** Whether a value is a node of the syntax tree. */
export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

function findUnsupported(program: Program): SyntaxProblem[] {
  for (const node of walk(program as unknown as Node)) {
    if (node.type === "Decorator") {
      const message = "Decorators are not supported: Node can't run them. Call the decorating function instead.";
      return [{ message, start: node.start, end: node.end }];
    }
  }
  return [];
}

// What a cell declares is there for every later cell, and for the libraries that run in the same process.
function findTaken(program: Program): SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  const refuse = ({ name, start, end }: Node): void => {
    const message = `${String(name)} is JavaScript's own, and the kernel itself needs it: choose another name.`;
    problems.push({ message, start, end });
  };
  for (const declaration of statementsOf(program)) {
    if (declaration["declare"] === true) continue;
    if (declaration.type === "VariableDeclaration") {
      for (const { id, init } of declaration["declarations"] as { id: Node; init: Node | null }[]) {
        const taken = identifiersOf(id).filter(isTaken);
        // A module gives the same thing by the same name.
        if (taken.length > 0 && !(init && [...walk(init)].some(isLoading))) taken.forEach(refuse);
      }
    } else if (MAKES_VALUE.test(declaration.type) && isNode(declaration["id"]) && isTaken(declaration["id"])) {
      refuse(declaration["id"]);
    }
  }
  return problems;
}

/** The statements at the top level; what is exported is one, too. */
function statementsOf(program: Program): Node[] {
  return (program.body as unknown as Node[]).map((statement) =>
    isNode(statement["declaration"]) ? statement["declaration"] : statement,
  );
}

function isTaken(identifier: Node): boolean {
  return TAKEN.has(identifier["name"] as string);
}

function isLoading(node: Node): boolean {
  return node.type === "ImportExpression" || (node.type === "Identifier" && node["name"] === "require");
}

function declarationsOf(program: Program): Omit<CellScan, "problems"> {
  const kinds = new Map<string, CellBinding["kind"]>();
  const usings: UsingDeclaration[] = [];
  const enums = new Set<string>();
  for (const declaration of statementsOf(program)) {
    if (declaration.type === "ImportDeclaration") {
      for (const specifier of declaration["specifiers"] as Node[]) {
        kinds.set((specifier["local"] as { name: string }).name, "import");
      }
    } else if (declaration.type === "VariableDeclaration") {
      const declarators = declaration["declarations"] as Node[];
      const names = declarators.flatMap((declarator) => boundNames(declarator["id"] as Node));
      for (const name of names) kinds.set(name, "variable");
      const kind = declaration["kind"];
      if (kind === "using" || kind === "await using") {
        const first = declarators[0]?.start ?? declaration.end;
        usings.push({ start: declaration.start, end: first, names, awaited: kind === "await using" });
      }
    } else if (/Declaration$/.test(declaration.type) && isNode(declaration["id"])) {
      const name = declaration["id"]["name"];
      if (typeof name === "string") kinds.set(name, "declaration");
      if (typeof name === "string" && declaration.type === "TSEnumDeclaration") enums.add(name);
    }
  }
  return { bindings: [...kinds].map(([name, kind]) => ({ name, kind })), usings, enums };
}

/** The names that a pattern binds. */
export function boundNames(pattern: Node): string[] {
  return identifiersOf(pattern).map((identifier) => identifier["name"] as string);
}

function identifiersOf(pattern: Node): Node[] {
  const parts = (field: string): Node[] =>
    ((pattern[field] ?? []) as (Node | null)[]).flatMap((part) => (part ? identifiersOf(part) : []));
  switch (pattern.type) {
    case "Identifier":
      return [pattern];
    case "AssignmentPattern":
      return identifiersOf(pattern["left"] as Node);
    case "RestElement":
      return identifiersOf(pattern["argument"] as Node);
    case "Property":
      return identifiersOf(pattern["value"] as Node);
    case "ObjectPattern":
      return parts("properties");
    case "ArrayPattern":
      return parts("elements");
    default:
      return [];
  }
}
