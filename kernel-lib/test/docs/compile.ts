// TypeScript's view of the sources.
import { join } from "node:path";
import ts from "typescript";
import { packageFolder } from "./find-examples.ts";

/** The options that the project's own sources are checked with. */
export function compilerOptions(): ts.CompilerOptions {
  const path = join(packageFolder, "..", "tsconfig.lint.json");
  const parsed = ts.getParsedCommandLineOfConfigFile(
    path,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail },
  );
  if (!parsed) throw new Error(`${path} could not be read.`);
  return { ...parsed.options, customConditions: ["source"] };
}

function fail(problem: ts.Diagnostic): never {
  throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, " "));
}

/** The names that a file exports, and whether they are values. */
export type ExportedNames = ReadonlyMap<string, "type" | "value">;

const known = new Map<string, ExportedNames>();

/** Gives the exported names of a file, as its text says them, with what `export *` adds. */
export function exportedNames(path: string): ExportedNames {
  let names = known.get(path);
  if (!names) known.set(path, (names = namesOf(path)));
  return names;
}

function namesOf(path: string): ExportedNames {
  const text = ts.sys.readFile(path);
  if (text === undefined) return new Map();
  const names = new Map<string, "type" | "value">();
  for (const statement of ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true).statements) {
    if (ts.isExportDeclaration(statement)) {
      const { exportClause, isTypeOnly, moduleSpecifier } = statement;
      if (exportClause === undefined) {
        const from = (moduleSpecifier as ts.StringLiteral).text;
        for (const [name, kind] of exportedNames(join(path, "..", from))) names.set(name, kind);
      } else if (ts.isNamedExports(exportClause)) {
        for (const { name } of exportClause.elements) names.set(name.text, isTypeOnly ? "type" : "value");
      } else names.set(exportClause.name.text, "value");
      continue;
    }
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
    if (modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) continue;
    if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations)
        if (ts.isIdentifier(name)) names.set(name.text, "value");
    } else if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) {
      names.set(statement.name.text, "type");
    } else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
      if (statement.name) names.set(statement.name.text, "value");
    }
  }
  return names;
}
