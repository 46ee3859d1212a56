// Everything that the package exports has a doc comment, and what can be called has an example.
// What still lacks one is listed in undocumented.json, which may only become shorter.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { compilerOptions } from "./compile.ts";
import { packageFolder } from "./find-examples.ts";

/** The names that lack a doc comment, and those that lack an example. */
interface Lacking {
  docs: string[];
  examples: string[];
}

const list = new URL("./undocumented.json", import.meta.url);
const { exports } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as {
  exports: Record<string, string | { source: string }>;
};

function findLacking(): Lacking {
  const entries = Object.entries(exports).flatMap(([path, target]) =>
    typeof target === "string" ? [] : [[path.slice(2), join(packageFolder, target.source)] as const],
  );
  const program = ts.createProgram(
    entries.map(([, file]) => file),
    compilerOptions(),
  );
  const checker = program.getTypeChecker();
  const lacking: Lacking = { docs: [], examples: [] };

  const look = (name: string, symbol: ts.Symbol, callable: boolean): void => {
    const tags = symbol.getJsDocTags(checker);
    if (tags.some((tag) => tag.name === "internal")) return;
    if (ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim() === "") lacking.docs.push(name);
    if (callable && !tags.some((tag) => tag.name === "example")) lacking.examples.push(name);
  };
  const visit = (name: string, exported: ts.Symbol): void => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    if (symbol.flags & ts.SymbolFlags.ValueModule) {
      for (const inner of checker.getExportsOfModule(symbol)) visit(`${name}.${inner.name}`, inner);
      return;
    }
    look(
      name,
      symbol,
      (symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class | ts.SymbolFlags.Variable)) !== 0,
    );
    if (!(symbol.flags & ts.SymbolFlags.Class)) return;
    const members = checker.getDeclaredTypeOfSymbol(symbol).getProperties();
    for (const member of members) {
      const declaration = member.valueDeclaration;
      const isOurs = declaration && !declaration.getSourceFile().fileName.includes("node_modules");
      const isPublic =
        declaration && !(ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.NonPublicAccessibilityModifier);
      if (!isOurs || !isPublic || /^(#|__)/.test(member.name)) continue;
      look(`${name}.${member.name}`, member, (member.flags & ts.SymbolFlags.Method) !== 0);
    }
  };
  for (const [path, file] of entries) {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (!module) throw new Error(`${file} exports nothing.`);
    for (const symbol of checker.getExportsOfModule(module)) visit(`${path}: ${symbol.name}`, symbol);
  }
  return { docs: lacking.docs.sort(), examples: lacking.examples.sort() };
}

test("every export has a doc comment and an example, but for those still listed", () => {
  const lacking = findLacking();
  const listed = JSON.parse(readFileSync(list, "utf8")) as Lacking;
  const without = (from: string[], names: string[]): string[] => from.filter((name) => !names.includes(name));
  if (process.env["SLUICE_SHRINK_DOCS_LIST"]) {
    listed.docs = listed.docs.filter((name) => lacking.docs.includes(name));
    listed.examples = listed.examples.filter((name) => lacking.examples.includes(name));
    writeFileSync(list, `${JSON.stringify(listed, null, 2)}\n`);
  }
  // Write the comment: the list takes no new names.
  expect(without(lacking.docs, listed.docs), "no doc comment").toEqual([]);
  expect(without(lacking.examples, listed.examples), "no example").toEqual([]);
  // Remove these from undocumented.json (SLUICE_SHRINK_DOCS_LIST=1 does it): they have what they lacked.
  expect(without(listed.docs, lacking.docs), "documented by now").toEqual([]);
  expect(without(listed.examples, lacking.examples), "has an example by now").toEqual([]);
});
