import { join } from "node:path";
import { cutAmbient } from "./ambient.ts";
import type { CellBinding, CellSource } from "./language.ts";

/** Where the declaration that a name stands for is. */
interface Owner {
  /** The module of the cell, as imported from its neighbours. */
  module: string;
  kind: CellBinding["kind"];
  /** The cell did not reach its end: whether the name has its value is not known. */
  failed: boolean;
  /** The type that the value told itself. */
  told?: string;
}

const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/gu;
const DECLARES = "const|let|var|function|class|interface|type|enum|namespace|abstract|async|declare";
const EXPORTS = new RegExp(String.raw`^(\s*)export\s+(?=(?:${DECLARES})\b)`, "gm");

/**
 * The notebook as TypeScript modules, one a cell. A cell sees earlier ones by what is appended to it, never by what is
 * prepended, so that its offsets stay true.
 */
export class CellFiles {
  /** The file that holds the cell in question. */
  readonly current: string;
  readonly #cwd: string;
  readonly #write: (file: string, text: string) => void;
  readonly #owners = new Map<string, Owner>();
  /** Declared values: the imports that bring them. */
  readonly #globals = new Map<string, { module: string; text: string }>();
  readonly #bases: string[] = [];
  #files = 0;

  constructor(cwd: string, write: (file: string, text: string) => void) {
    this.#cwd = cwd;
    this.#write = write;
    this.current = join(cwd, "__sluice_cell.ts");
    write(this.current, "export {};");
  }

  /** Every name that cells and declarations give, beside those of TypeScript's own libraries. */
  get names(): Set<string> {
    return new Set([...this.#owners.keys(), ...this.#globals.keys()]);
  }

  /** What a name is to later cells, when a cell declared it. */
  kindOf(name: string): CellBinding["kind"] | undefined {
    return this.#owners.get(name)?.kind;
  }

  /** Makes a cell the current one. Names in `extra` are given to it even when it does not hold them. */
  open(code: string, own: Iterable<string>, extra: Iterable<string> = []): void {
    this.#write(this.current, code + this.#glue(code, new Set(own), extra) + "\nexport {};\n");
  }

  /** Keeps a cell for later ones. `types` are what values told; all told before is forgotten. */
  accept({ code, bindings }: CellSource, types: Readonly<Record<string, string>>, failed: boolean): void {
    const own = bindings.map(({ name }) => name);
    if (own.length > 0) {
      const module = `__sluice_cell_${++this.#files}`;
      const text = code.replace(EXPORTS, "$1");
      this.#write(
        this.#path(`${module}.ts`),
        `${text}${this.#glue(code, new Set(own))}\nexport { ${own.join(", ")} };\n`,
      );
      for (const { name, kind } of bindings) this.#owners.set(name, { module, kind, failed });
    }
    for (const [name, owner] of this.#owners) {
      const told = types[name];
      if (told === undefined) delete owner.told;
      else owner.told = told;
    }
  }

  /** Adds ambient declarations. */
  declare(types: string): void {
    const number = ++this.#files;
    const { base, values } = cutAmbient(types);
    for (const [name, text] of values) this.#globals.set(name, { module: `__sluice_global_${number}_${name}`, text });
    for (const [name, text] of values) {
      // A declaration may speak of the type of another one.
      const others = this.#globalsIn(text).filter((module) => module !== this.#globals.get(name)?.module);
      const references = others.map((module) => `/// <reference path="./${module}.d.ts" />\n`).join("");
      this.#write(this.#path(`__sluice_global_${number}_${name}.d.ts`), references + text);
    }
    if (base.trim() === "") return;
    const references = this.#globalsIn(base).map((module) => `/// <reference path="./${module}.d.ts" />\n`);
    this.#bases.push(`__sluice_global_${number}`);
    this.#write(this.#path(`__sluice_global_${number}.d.ts`), references.join("") + base);
  }

  /** A module's text that reads everything declared, so that it is known when a cell needs it. */
  get everything(): string {
    return importsOf([...this.#bases, ...[...this.#globals.values()].map(({ module }) => module)]);
  }

  #glue(code: string, own: ReadonlySet<string>, extra: Iterable<string> = []): string {
    const words = new Set([...(code.match(WORD) ?? []), ...extra]);
    const lines: string[] = [];
    const globals: string[] = [];
    for (const word of words) {
      const owner = own.has(word) ? undefined : this.#owners.get(word);
      if (owner) lines.push(declarationOf(word, owner, code));
      else if (this.#globals.has(word)) globals.push(this.#globals.get(word)!.module);
    }
    return `\n;${lines.join("\n")}\n${importsOf([...this.#bases, ...globals])}`;
  }

  #globalsIn(text: string): string[] {
    const words = new Set(text.match(WORD));
    return [...this.#globals].flatMap(([name, { module }]) => (words.has(name) ? [module] : []));
  }

  #path(name: string): string {
    return join(this.#cwd, name);
  }
}

function declarationOf(name: string, { module, kind, failed, told }: Owner, code: string): string {
  if (failed && kind !== "declaration") return `declare let ${name}: any;`;
  // What is assigned anew may get another type than the value has by now.
  if (told !== undefined && !assigns(code, name)) return `declare let ${name}: ${told};`;
  if (kind === "variable") return `declare let ${name}: typeof import("./${module}").${name};`;
  return `import { ${name} } from "./${module}";`;
}

function assigns(code: string, name: string): boolean {
  const escaped = name.replace(/\$/g, "\\$");
  const operators = String.raw`(?:[-+*/%&|^]|\*\*|<<|>>>?|&&|\|\||\?\?)?=(?![=>])|\+\+|--|[^=;\n]*[\]}]\s*=(?![=>])`;
  return new RegExp(String.raw`(?<![.\p{L}\p{N}_$])${escaped}\s*(?:${operators})`, "u").test(code);
}

function importsOf(modules: readonly string[]): string {
  return modules.map((module) => `import "./${module}";`).join("\n");
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
