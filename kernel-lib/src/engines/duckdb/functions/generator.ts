// Functions that make rows. `emit` gives a list with one element a row.
import type { DataType } from "../../../sql/types/data-type.ts";
import type { Expression } from "../resolved/expression.ts";
import { toCommonType } from "./coercion.ts";
import type { FunctionDefinition } from "./definition.ts";
import { INT, structOf } from "./kinds.ts";
import { checkCount, named, typeOf } from "./makers.ts";
import { packed } from "./struct.ts";
import { nonFoldable, unexpectedInput } from "./type-errors.ts";

type Column = { readonly name: string; readonly dataType: DataType; readonly nullable: boolean };

/** explode and posexplode of an array or a map. */
const explode = (positions: boolean): FunctionDefinition[] => {
  const base = positions ? "posexplode" : "explode";
  return named(`${base} ${base}_outer`, (name) => {
    const outer = name.endsWith("_outer");
    const columns = (args: readonly Expression[]): Column[] => {
      const type = typeOf(args, 0);
      const pos: Column[] = positions ? [{ name: "pos", dataType: INT, nullable: outer }] : [];
      if (type.kind === "map") {
        return [
          ...pos,
          { name: "key", dataType: type.keyType, nullable: outer },
          { name: "value", dataType: type.valueType, nullable: outer || type.valueContainsNull },
        ];
      }
      if (type.kind !== "array") throw unexpectedInput(name, 0, `("ARRAY" or "MAP")`, type);
      return [...pos, { name: "col", dataType: type.elementType, nullable: outer || type.containsNull }];
    };
    return {
      kind: "generator",
      generated: columns,
      resolve(args) {
        checkCount(name, args.length, 1, 1);
        const made = columns(args);
        return {
          args,
          dataType: structOf(...made.map((c) => [c.name, c.dataType, c.nullable] as const)),
          nullable: false,
        };
      },
      emit([collection = ""], call, context) {
        const isMap = typeOf(call.args, 0).kind === "map";
        const [e, i] = [context.fresh("e"), context.fresh("i")];
        const values = isMap ? [`${e}.key`, `${e}.value`] : [e];
        const list = isMap ? `map_entries(${collection})` : collection;
        if (positions)
          return `list_transform(${list}, lambda ${e}, ${i}: ${packed([`CAST(${i} - 1 AS INTEGER)`, ...values])})`;
        return isMap ? `list_transform(${list}, lambda ${e}: ${packed(values)})` : list;
      },
    };
  });
};

const inline = named("inline inline_outer", (name) => {
  const columns = (args: readonly Expression[]): Column[] => {
    const type = typeOf(args, 0);
    if (type.kind !== "array" || type.elementType.kind !== "struct")
      throw unexpectedInput(name, 0, `"ARRAY<STRUCT>"`, type);
    const nullable = type.containsNull || name.endsWith("_outer");
    return type.elementType.fields.map((field) => ({
      name: field.name,
      dataType: field.dataType,
      nullable: nullable || field.nullable,
    }));
  };
  return {
    kind: "generator",
    generated: columns,
    resolve(args) {
      checkCount(name, args.length, 1, 1);
      return {
        args,
        dataType: structOf(...columns(args).map((c) => [c.name, c.dataType, c.nullable] as const)),
        nullable: false,
      };
    },
    emit([list = ""], call, context) {
      // A list of structs of one field gives plain values.
      if (columns(call.args).length > 1) return list;
      const e = context.fresh("e");
      return `list_transform(${list}, lambda ${e}: ${e}.f1)`;
    },
  };
});

/** `stack(n, value, …)`: the values in n rows. */
const stack: FunctionDefinition = {
  name: "stack",
  kind: "generator",
  generated: (args) => {
    const [count, ...values] = args;
    const width = Math.ceil(values.length / rowCount(count));
    return values.slice(0, width).map((value, i) => ({ name: `col${i}`, dataType: value.dataType, nullable: true }));
  },
  resolve(args, context) {
    checkCount("stack", args.length, 2, Infinity);
    const [count, ...values] = args as [Expression, ...Expression[]];
    const rows = context.constant(count);
    if (typeof rows !== "number" || rows < 1) throw nonFoldable("stack", "n", INT);
    const width = Math.ceil(values.length / rows);
    const columns = Array.from({ length: width }, (_, i) =>
      toCommonType(
        "stack",
        values.filter((_value, j) => j % width === i),
        context,
      ),
    );
    const cast = values.map((_, j) => columns[j % width]?.args[Math.floor(j / width)] as Expression);
    const number = { kind: "literal", value: rows, dataType: INT, nullable: false } as const;
    return {
      args: [number, ...cast],
      dataType: structOf(...columns.map((column, i) => [`col${i}`, column.dataType] as const)),
      nullable: false,
    };
  },
  emit([, ...values], call) {
    const rows = rowCount(call.args[0]);
    const width = Math.ceil(values.length / rows);
    const lines = Array.from({ length: rows }, (_, row) => {
      const cells = Array.from({ length: width }, (_cell, i) => values[row * width + i] ?? "NULL");
      return width === 1 ? (cells[0] as string) : packed(cells);
    });
    return `[${lines.join(", ")}]`;
  },
};

const rowCount = (count: Expression | undefined): number => (count?.kind === "literal" ? Number(count.value) : 1);

export const generatorFunctions: FunctionDefinition[] = [...explode(false), ...explode(true), ...inline, stack];
