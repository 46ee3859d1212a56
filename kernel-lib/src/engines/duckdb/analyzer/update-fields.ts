// `withField` and `dropFields` of a struct.
import type { FunctionDefinition } from "../functions/definition.ts";
import { structField } from "../types.ts";
import type { DataType, StructType } from "../../../sql/types/data-type.ts";
import type { Expression } from "../resolved/expression.ts";
import { scalar } from "./build.ts";
import { mismatch } from "./errors.ts";
import type { ExpressionResolver } from "./expression.ts";
import { getField } from "./extract.ts";

/** Builds a struct of the given fields, null where the first argument is null. */
const rebuild = (name: (args: readonly string[]) => string): FunctionDefinition => ({
  name: "update_fields",
  kind: "scalar",
  resolve: (args) => ({ args, dataType: { kind: "null" }, nullable: true }),
  display: name,
  emit([struct, ...fields]) {
    const packed = `struct_pack(${fields.map((field, i) => `${structField(i)} := ${field}`).join(", ")})`;
    return `CASE WHEN ${struct} IS NOT NULL THEN ${packed} END`;
  },
});

/** The struct with one field set, or taken away when `change` is undefined. */
export function updateFields(
  struct: Expression,
  path: readonly string[],
  change: Expression | undefined,
  resolver: ExpressionResolver,
): Expression {
  const structName = resolver.display(struct);
  const changeName = change ? `WithField(${resolver.display(change)})` : "dropfield()";
  return update(struct, path, change, resolver, () => `update_fields(${structName}, ${changeName})`);
}

function update(
  struct: Expression,
  path: readonly string[],
  change: Expression | undefined,
  resolver: ExpressionResolver,
  name: (args: readonly string[]) => string,
): Expression {
  const type: DataType = struct.dataType;
  if (type.kind !== "struct")
    throw mismatch(
      "UNEXPECTED_INPUT_TYPE",
      resolver.display(struct),
      `the first parameter requires the "STRUCT" type.`,
    );
  const [field = "", ...deeper] = path;
  const { sameName } = resolver.context;
  const parts = type.fields.map((item, i) => ({ name: item.name, value: getField(struct, i), own: item.nullable }));
  const matches = parts.flatMap((part, i) => (sameName(part.name, field) ? [i] : []));
  let next = parts;
  if (!change && deeper.length === 0) {
    next = parts.filter((_, i) => !matches.includes(i));
    if (next.length === 0)
      throw mismatch("CANNOT_DROP_ALL_FIELDS", resolver.display(struct), "Cannot drop all fields in struct.");
  } else if (matches.length > 0 || deeper.length === 0) {
    const replaced = (current: Expression | undefined) => {
      if (deeper.length > 0 && current) return update(current, deeper, change, resolver, name);
      return change as Expression;
    };
    next = parts.map((part, i) => {
      if (!matches.includes(i)) return part;
      const value = replaced(part.value);
      return { name: deeper.length > 0 ? part.name : field, value, own: value.nullable };
    });
    if (matches.length === 0) {
      const value = replaced(undefined);
      next = [...next, { name: field, value, own: value.nullable }];
    }
  }
  const result: StructType = {
    kind: "struct",
    fields: next.map((part) => ({ name: part.name, dataType: part.value.dataType, nullable: part.own })),
  };
  return scalar(rebuild(name), [struct, ...next.map((part) => part.value)], result, struct.nullable);
}
