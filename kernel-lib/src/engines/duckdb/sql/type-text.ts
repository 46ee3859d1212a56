// A type of the parser's tree as DDL text.
import { unsupported } from "../../../sql/errors.ts";
import { quoteIfNeeded } from "../../../sql/types/index.ts";
import type { Node } from "./parser.ts";
import { nameOf, nodes } from "./parser.ts";

const NAMES: Readonly<Record<string, string>> = {
  big_int: "bigint",
  small_int: "smallint",
  tiny_int: "tinyint",
  int: "int",
  integer: "int",
  text: "string",
  string: "string",
  double: "double",
  float: "float",
  boolean: "boolean",
  date: "date",
  binary: "binary",
  var_binary: "binary",
  blob: "binary",
  null: "void",
};

export function typeText(value: unknown): string {
  const node = value as Node;
  const kind = String(node["data_type"]);
  const size = node["length"] as number | null | undefined;
  switch (kind) {
    case "decimal":
    case "numeric":
      return `decimal(${(node["precision"] as number | null) ?? 10},${(node["scale"] as number | null) ?? 0})`;
    case "timestamp":
      return node["timezone"] === true ? "timestamp_ltz" : "timestamp";
    case "array":
      return `array<${typeText(node["element_type"])}>`;
    case "list":
      return `array<${typeText(node["element_type"])}>`;
    case "map":
      return `map<${typeText(node["key_type"])},${typeText(node["value_type"])}>`;
    case "struct":
      return `struct<${nodes(node["fields"])
        .map((field) => `${quoteIfNeeded(nameOf((field as Node)["name"]))}:${typeText((field as Node)["data_type"])}`)
        .join(",")}>`;
    case "var_char":
    case "varchar":
    case "char":
      return size === undefined || size === null ? "string" : `${kind.replace("_", "")}(${size})`;
    case "interval": {
      const fields = [node["unit"], node["to"]].filter((field) => typeof field === "string");
      return ["interval", fields.join(" to ").toLowerCase()].join(" ").trim();
    }
    case "custom":
      return nameOf(node["name"])
        .toLowerCase()
        .replace(/^timestamp(ntz|ltz)$/, "timestamp_$1");
    default: {
      const name = NAMES[kind];
      if (!name) throw unsupported(`The SQL type ${kind}`, "Use a Spark type.");
      return name;
    }
  }
}
