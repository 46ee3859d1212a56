import { parseSync } from "oxc-parser";
import type { Expression, TSType, VariableDeclarator } from "oxc-parser";
import { SluiceError } from "../errors.ts";

/** What a parameter's declaration says about the values it takes. */
export interface ParameterDeclaration {
  name: string;
  /** How the cell declares it. */
  keyword: "let" | "const" | "var";
  /** The declared type as it is written, such as `string | undefined`; absent when the default alone tells it. */
  typeText?: string;
  /** The basic types it takes; `json` stands for any other type, whose values are given as JSON. */
  kinds: ReadonlySet<ParameterKind>;
  /** The single values it takes, from a type such as `"LOCAL" | "PROD"`. */
  literals: readonly (string | number | boolean)[];
}

/** A basic type of a parameter. */
export type ParameterKind = "string" | "number" | "boolean" | "bigint" | "undefined" | "null" | "json";

/**
 * Reads the parameters that a cell declares: each variable that it declares at its top level.
 *
 * @param source - The TypeScript text of the cell tagged `parameters`.
 * @throws SluiceError `NOTEBOOK_INVALID` when the text is not valid TypeScript.
 *
 * @example
 * ```ts
 * readParameters("let accounts: number = 1000;"); // [{ name: "accounts", keyword: "let", kinds: Set { "number" }, … }]
 * ```
 */
export function readParameters(source: string): ParameterDeclaration[] {
  const { program, errors } = parseSync("parameters.ts", source, { sourceType: "module" });
  const first = errors[0];
  if (first) {
    throw new SluiceError(
      "NOTEBOOK_INVALID",
      `The cell tagged "parameters" is not valid TypeScript: ${first.message}.`,
    );
  }
  const found: ParameterDeclaration[] = [];
  for (const statement of program.body) {
    if (statement.type !== "VariableDeclaration") continue;
    const { kind } = statement;
    if (kind !== "let" && kind !== "const" && kind !== "var") continue;
    for (const declarator of statement.declarations) {
      const parameter = readDeclarator(declarator, kind, source);
      if (parameter) found.push(parameter);
    }
  }
  return found;
}

function readDeclarator(
  { id, init }: VariableDeclarator,
  keyword: ParameterDeclaration["keyword"],
  source: string,
): ParameterDeclaration | undefined {
  if (id.type !== "Identifier") return undefined;
  const type = id.typeAnnotation?.typeAnnotation;
  const kinds = new Set<ParameterKind>();
  const literals: (string | number | boolean)[] = [];
  if (type) readType(type, kinds, literals);
  else kinds.add(kindOfDefault(init));
  const typeText = type ? { typeText: source.slice(type.start, type.end) } : {};
  return { name: id.name, keyword, ...typeText, kinds, literals };
}

function readType(type: TSType, kinds: Set<ParameterKind>, literals: (string | number | boolean)[]): void {
  switch (type.type) {
    case "TSStringKeyword":
      kinds.add("string");
      break;
    case "TSNumberKeyword":
      kinds.add("number");
      break;
    case "TSBooleanKeyword":
      kinds.add("boolean");
      break;
    case "TSBigIntKeyword":
      kinds.add("bigint");
      break;
    case "TSUndefinedKeyword":
      kinds.add("undefined");
      break;
    case "TSNullKeyword":
      kinds.add("null");
      break;
    case "TSUnionType":
      for (const member of type.types) readType(member, kinds, literals);
      break;
    case "TSParenthesizedType":
      readType(type.typeAnnotation, kinds, literals);
      break;
    case "TSLiteralType": {
      const value = type.literal.type === "Literal" ? type.literal.value : undefined;
      if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") literals.push(value);
      else kinds.add("json");
      break;
    }
    default:
      kinds.add("json");
  }
}

/** The type that a default value alone gives its variable. */
function kindOfDefault(init: Expression | null): ParameterKind {
  if (init?.type === "TemplateLiteral") return "string";
  const literal = init?.type === "UnaryExpression" && init.operator !== "!" ? init.argument : init;
  const kind = literal?.type === "Literal" ? typeof literal.value : "object";
  return kind === "string" || kind === "number" || kind === "boolean" || kind === "bigint" ? kind : "json";
}
