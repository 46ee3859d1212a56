import { join } from "node:path";
import { cutAmbient } from "./ambient.ts";
import type { CellBinding, CellSource } from "./language.ts";

/** Where the declaration that a name stands for is. */
interface Owner {
  /** The number of the cell's file. */
  file: number;
  kind: CellBinding["kind"];
  /** The cell did not reach its end: whether the name has its value is not known. */
  failed: boolean;
  /** The type that the value told itself. */
  told?: string;
}

const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/gu;
const EXPORTED =
  /\bexport\s+(?:(?:declare|abstract|async|const(?=\s+enum))\s+)*(?:const|let|var|function\s*\*?|class|interface|type|enum|namespace)\s+([\p{L}_$][\p{L}\p{N}_$]*)/gu;
/** So many files wait for cells; when they are used up, as many are added. */
const FILES_AT_ONCE = 24;

/**
 * The notebook as TypeScript modules, one a cell. A cell sees earlier ones by what is appended to it, never by what is
 * prepended, so that its offsets stay true.
 *
 * When a module imports other things than before, TypeScript looks for all modules again, which takes thirty times as long as
 * a check. So the files are there before the cells, each imports one hub and nothing else of the notebook, and a cell is
 * checked in the file where it will stay.
 */
export class CellFiles {
  /** The files to begin from. */
  readonly roots: readonly string[];
  readonly #cwd: string;
  readonly #write: (file: string, text: string) => void;
  readonly #owners = new Map<string, Owner>();
  /** Declared values: the modules that bring them. */
  readonly #globals = new Map<string, string>();
  /** The declarations that the program has read. */
  readonly #read = new Set<string>();
  readonly #hub: string;
  readonly #ambient: string;
  #declarations = 0;
  #files = 0;
  #file = 1;

  constructor(cwd: string, write: (file: string, text: string) => void) {
    this.#cwd = cwd;
    this.#write = write;
    this.#hub = join(cwd, "__sluice_cells.ts");
    this.#ambient = join(cwd, "__sluice_ambient.ts");
    this.roots = [this.#hub, this.#ambient];
    this.#addFiles();
    this.#readDeclarations([]);
  }

  /** The file of the cell in question. */
  get current(): string {
    return this.#pathOf(this.#file);
  }

  /** Every name that cells and declarations give, beside those of TypeScript's own libraries. */
  get names(): Set<string> {
    return new Set([...this.#owners.keys(), ...this.#globals.keys()]);
  }

  /** The file of the cell that declared a name. */
  fileOf(name: string): string | undefined {
    const owner = this.#owners.get(name);
    return owner && this.#pathOf(owner.file);
  }

  /** Writes the current cell. Names in `extra` are given to it even when it does not hold them. */
  open(code: string, own: Iterable<string>, extra: Iterable<string> = []): void {
    const declared = new Set(own);
    const exported = new Set([...code.matchAll(EXPORTED)].map(([, name]) => name));
    const words = new Set([...(code.match(WORD) ?? []), ...extra]);
    const lines: string[] = [];
    const globals: string[] = [];
    for (const word of words) {
      const owner = declared.has(word) ? undefined : this.#owners.get(word);
      const global = this.#globals.get(word);
      if (owner) lines.push(declarationOf(word, owner, code));
      else if (global !== undefined) globals.push(global);
    }
    this.#readDeclarations(globals);
    const exports = [...declared].filter((name) => !exported.has(name));
    lines.push(`import * as __sluice from "./__sluice_cells";`, `export { ${exports.join(", ")} };`);
    this.#write(this.current, `${code}\n;${lines.join("\n")}\n`);
  }

  /** Keeps a cell for later ones. `types` are what values told; all told before is forgotten. */
  accept({ code, bindings }: CellSource, types: Readonly<Record<string, string>>, failed: boolean): void {
    if (bindings.length > 0) {
      this.open(
        code,
        bindings.map(({ name }) => name),
      );
      for (const { name, kind } of bindings) this.#owners.set(name, { file: this.#file, kind, failed });
      if (++this.#file > this.#files) this.#addFiles();
    }
    for (const [name, owner] of this.#owners) {
      const told = types[name];
      if (told === undefined) delete owner.told;
      else owner.told = told;
    }
  }

  /** Adds ambient declarations. Those of values are read when a cell names them. */
  declare(types: string): void {
    const module = `__sluice_types_${++this.#declarations}`;
    const { base, values } = cutAmbient(types);
    for (const name of values.keys()) this.#globals.set(name, `${module}_${name}`);
    for (const [name, text] of values) this.#writeDeclaration(`${module}_${name}`, text);
    if (base.trim() === "") return;
    this.#writeDeclaration(module, base);
    this.#readDeclarations([module]);
  }

  /** The files of the declared values, those that no cell named yet included. */
  get declarations(): string[] {
    return [...this.#globals.values()].map((module) => this.#declarationFile(module));
  }

  #readDeclarations(modules: Iterable<string>): void {
    const before = this.#read.size;
    for (const module of modules) this.#read.add(module);
    if (this.#read.size === before && before > 0) return;
    const imports = [...this.#read].map((module) => `import "./${module}";\n`);
    this.#write(this.#ambient, `${imports.join("")}export {};\n`);
  }

  // A declaration may speak of the type of another one.
  #writeDeclaration(module: string, text: string): void {
    const words = new Set(text.match(WORD));
    const others = [...this.#globals].filter(([name, other]) => words.has(name) && other !== module);
    const references = others.map(([, other]) => `/// <reference path="./${other}.d.ts" />\n`);
    this.#write(this.#declarationFile(module), references.join("") + text);
  }

  #declarationFile(module: string): string {
    return join(this.#cwd, `${module}.d.ts`);
  }

  #addFiles(): void {
    const first = this.#files + 1;
    this.#files += FILES_AT_ONCE;
    const numbers = Array.from({ length: this.#files }, (_, index) => index + 1);
    for (const number of numbers.slice(first - 1)) {
      this.#write(this.#pathOf(number), `import * as __sluice from "./__sluice_cells";\nexport {};\n`);
    }
    const exports = numbers.map((number) => `export * as _${number} from "./__sluice_cell_${number}";\n`);
    this.#write(this.#hub, exports.join(""));
  }

  #pathOf(file: number): string {
    return join(this.#cwd, `__sluice_cell_${file}.ts`);
  }
}

function declarationOf(name: string, { file, kind, failed, told }: Owner, code: string): string {
  if (failed && kind !== "declaration") return `declare let ${name}: any;`;
  // What is assigned anew may get another type than the value has by now.
  if (told !== undefined && !assigns(code, name)) return `declare let ${name}: ${told};`;
  if (kind === "variable") {
    // In a namespace, since at the end of the cell the type would depend on whether the cell's own calls ever return.
    const type = `declare namespace __sluice_${name} { type T = typeof __sluice._${file}.${name}; }`;
    return `${type} declare let ${name}: __sluice_${name}.T;`;
  }
  return `import ${name} = __sluice._${file}.${name};`;
}

function assigns(code: string, name: string): boolean {
  const escaped = name.replace(/\$/g, "\\$");
  const operators = String.raw`(?:[-+*/%&|^]|\*\*|<<|>>>?|&&|\|\||\?\?)?=(?![=>])|\+\+|--|[^=;\n]*[\]}]\s*=(?![=>])`;
  return new RegExp(String.raw`(?<![.\p{L}\p{N}_$])${escaped}\s*(?:${operators})`, "u").test(code);
}

const DECLARED =
  /\b(?:const|let|var|using|function\s*\*?|class|enum|interface|type|namespace)\s+([\p{L}_$][\p{L}\p{N}_$]*)/gu;
const SEVERAL = /\b(?:(?:const|let|var)\s*([{[][^=;]*?[}\]])\s*=|import\s+(?:type\s+)?([^"';]*?)\s+from\b)/g;

/** The names that code declares, as far as they can be told while it is being written. */
export function namesDeclaredIn(code: string): Set<string> {
  const names = [...code.matchAll(DECLARED)].map(([, name = ""]) => name);
  for (const [, pattern, clause] of code.matchAll(SEVERAL))
    names.push(...((pattern ?? clause ?? "").match(WORD) ?? []));
  return new Set(names);
}
