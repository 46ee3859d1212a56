// Reaching into structs, arrays and maps: `s.field`, `a[0]`, `m['key']`.
import type { DataType } from "../../../sql/types/data-type.ts";
import { structField } from "../types.ts";
import type { FunctionDefinition, ResolveContext } from "../functions/definition.ts";
import type { Expression } from "../resolved/expression.ts";
import { literal, scalar, unalias } from "./build.ts";
import { display } from "./display.ts";
import { ambiguousReference, fieldNotFound, invalidExtractBase, mismatch } from "./errors.ts";
import { constantValue } from "./literal.ts";
import type { SameName } from "./names.ts";

const INTEGRAL = new Set<DataType["kind"]>(["byte", "short", "integer", "long"]);

function neverResolved(): never {
  throw new Error("This definition is used only for calls that are resolved already.");
}

const bracketed = (args: readonly string[]) => `${args[0]}[${args[1]}]`;

const arrayItem: FunctionDefinition = {
  name: "getarrayitem",
  kind: "scalar",
  resolve: neverResolved,
  display: bracketed,
  emit([array = "", index = ""], call, context) {
    const [, position] = call.args;
    const constant = position && constantValue(position);
    const item = typeof constant === "number" && constant >= 0 ? `${array}[${constant + 1}]` : `${array}[${index} + 1]`;
    if (!context.ansi) return `CASE WHEN ${index} >= 0 THEN ${item} END`;
    const sentence = `'The index ' || ${index} || ' is out of bounds. The array has ' || len(${array}) || ' elements. Use the SQL function \`get()\` to tolerate accessing element at invalid index and return NULL instead.'`;
    const outside = `${index} < 0 OR ${index} >= len(${array})`;
    return `CASE WHEN ${outside} THEN ${context.raise("INVALID_ARRAY_INDEX", "22003", sentence)} ELSE ${item} END`;
  },
};

const mapValue: FunctionDefinition = {
  name: "getmapvalue",
  kind: "scalar",
  resolve: neverResolved,
  display: bracketed,
  emit: ([map, key]) => `map_extract_value(${map}, ${key})`,
};

/** `structs.field` of an array of structs: the field of each element. */
function arrayField(ordinal: number, name: string): FunctionDefinition {
  return {
    name: `getarraystructfields.${ordinal}`,
    kind: "scalar",
    resolve: neverResolved,
    display: ([child]) => `${child}.${name}`,
    emit([array], _call, context) {
      const element = context.fresh("e");
      return `list_transform(${array}, lambda ${element}: ${element}.${structField(ordinal)})`;
    },
  };
}

function fieldOrdinal(type: DataType & { kind: "struct" }, name: string, same: SameName): number {
  const matches = type.fields.flatMap((field, i) => (same(field.name, name) ? [i] : []));
  if (matches.length > 1) throw ambiguousReference([name], []);
  const [match] = matches;
  if (match === undefined)
    throw fieldNotFound(
      name,
      type.fields.map((field) => field.name),
    );
  return match;
}

export function getField(child: Expression, ordinal: number): Expression {
  const field = child.dataType.kind === "struct" ? child.dataType.fields[ordinal] : undefined;
  if (!field) throw new Error(`A struct has no field at ${ordinal}.`);
  return { kind: "field", child, ordinal, dataType: field.dataType, nullable: child.nullable || field.nullable };
}

/** `child[key]` or `child.key`, by what the child is. */
export function extractValue(child: Expression, key: Expression, context: ResolveContext, same: SameName): Expression {
  const type = child.dataType;
  const name = constantValue(unalias(key));
  if (type.kind === "struct") {
    if (typeof name !== "string")
      throw mismatch(
        "UNEXPECTED_INPUT_TYPE",
        `${display(child)}[${display(key)}]`,
        "a struct field is named by a string.",
      );
    return getField(child, fieldOrdinal(type, name, same));
  }
  if (type.kind === "map") return scalar(mapValue, [child, context.coerce(key, type.keyType)], type.valueType, true);
  if (type.kind === "array") {
    if (type.elementType.kind === "struct" && typeof name === "string" && key.dataType.kind === "string") {
      const ordinal = fieldOrdinal(type.elementType, name, same);
      const field = type.elementType.fields[ordinal];
      if (!field) throw new Error(`A struct has no field at ${ordinal}.`);
      const elements: DataType = {
        kind: "array",
        elementType: field.dataType,
        containsNull: type.containsNull || field.nullable,
      };
      return scalar(arrayField(ordinal, field.name), [child], elements, child.nullable);
    }
    if (!INTEGRAL.has(key.dataType.kind))
      throw mismatch(
        "UNEXPECTED_INPUT_TYPE",
        `${display(child)}[${display(key)}]`,
        `The second parameter requires the "INTEGRAL" type, however "${display(key)}" has the type "${key.dataType.kind.toUpperCase()}".`,
      );
    return scalar(arrayItem, [child, key], type.elementType, true);
  }
  throw invalidExtractBase(display(child), type);
}

/** `child.a.b`, for names that follow a column's. */
export function extractPath(
  child: Expression,
  path: readonly string[],
  context: ResolveContext,
  same: SameName,
): Expression {
  return path.reduce((value, part) => extractValue(value, literal(part, { kind: "string" }), context, same), child);
}
