// How a frame shows itself under a notebook cell: its schema and first rows, as HTML and as text.
import type { Relation } from "../generated/spark/connect/relations_pb.ts";
import type { ActionOptions, Client } from "./client.ts";
import type { DataType, StructType } from "./types/data-type.ts";
import { attribute, call, cast } from "./plan/expressions.ts";
import { project, relation } from "./plan/relations.ts";
import { collectRows } from "./results.ts";
import { simpleString } from "./types/text.ts";

const ROWS = 20;
const WIDEST = 200;

/** The MIME bundle of a frame: `text/html` and `text/plain` with the first 20 rows. */
export async function displayBundle(
  client: Client,
  input: Relation,
  schema: StructType,
  options: ActionOptions = {},
): Promise<Record<string, string>> {
  const names = schema.fields.map((_, index) => `c${index}`);
  const first = relation({ case: "limit", value: { input, limit: ROWS + 1 } });
  const named = relation({ case: "toDf", value: { input: first, columnNames: names } });
  const texts = names.map((name, index) => textOf(name, schema.fields[index]?.dataType));
  const rows = names.length === 0 ? [] : await collectRows(client, project(named, texts), options);
  const shown = rows.slice(0, ROWS).map((row) => row.toArray().map(cellText));
  const note =
    rows.length > ROWS ? `only showing top ${ROWS} rows` : `${rows.length} ${rows.length === 1 ? "row" : "rows"}`;
  return { "text/html": htmlTable(schema, shown, note), "text/plain": textTable(schema, shown, note) };
}

function textOf(name: string, type: DataType | undefined) {
  const column = attribute(name);
  return type?.kind === "binary" ? call("hex", [column]) : cast(column, "string");
}

function cellText(value: unknown): string | null {
  if (typeof value !== "string") return null;
  return value.length > WIDEST ? `${value.slice(0, WIDEST - 1)}…` : value;
}

/** Text that HTML shows as it is. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function htmlTable(schema: StructType, rows: readonly (readonly (string | null)[])[], note: string): string {
  const heads = schema.fields.map(
    ({ name, dataType }) =>
      `<th title="${escapeHtml(simpleString(dataType))}">${escapeHtml(name)}<br><small>${escapeHtml(shortType(dataType))}</small></th>`,
  );
  const body = rows.map(
    (row) => `<tr>${row.map((cell) => `<td>${cell === null ? "<i>null</i>" : escapeHtml(cell)}</td>`).join("")}</tr>`,
  );
  return `<table><thead><tr>${heads.join("")}</tr></thead><tbody>${body.join("")}</tbody></table><p>${note}</p>`;
}

function shortType(type: DataType): string {
  const text = simpleString(type);
  return text.length > 30 ? type.kind : text;
}

function textTable(schema: StructType, rows: readonly (readonly (string | null)[])[], note: string): string {
  const names = schema.fields.map(({ name }) => name);
  const cells = rows.map((row) => row.map((cell) => cell ?? "NULL"));
  const widths = names.map((name, index) => Math.max(3, name.length, ...cells.map((row) => row[index]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `|${row.map((cell, index) => cell.padStart(widths[index] ?? 0)).join("|")}|`;
  const rule = `+${widths.map((width) => "-".repeat(width)).join("+")}+`;
  return [rule, line(names), rule, ...cells.map(line), ...(cells.length > 0 ? [rule] : []), note].join("\n");
}

/** The TypeScript type of a frame with this schema, for the notebook's checks and completions. */
export function frameTypeText(schema: StructType): string {
  return `import("sluice/sql").DataFrame<${rowTypeText(schema)}>`;
}

function rowTypeText(schema: StructType): string {
  const members = schema.fields.map(
    ({ name, dataType, nullable }) => `${JSON.stringify(name)}: ${valueTypeText(dataType)}${nullable ? " | null" : ""}`,
  );
  return members.length === 0
    ? "{}"
    : `{ ${[...new Map(members.map((text) => [text.split(":")[0], text])).values()].join("; ")} }`;
}

const valueTypes: Partial<Record<DataType["kind"], string>> = {
  null: "null",
  boolean: "boolean",
  byte: "number",
  short: "number",
  integer: "number",
  float: "number",
  double: "number",
  long: "bigint",
  string: "string",
  binary: "Uint8Array",
};

const valueClasses: Partial<Record<DataType["kind"], string>> = {
  decimal: "Decimal",
  date: "LocalDate",
  timestamp: "Timestamp",
  timestampNtz: "LocalDateTime",
  dayTimeInterval: "DayTimeInterval",
  yearMonthInterval: "YearMonthInterval",
  calendarInterval: "CalendarInterval",
};

function valueTypeText(type: DataType): string {
  switch (type.kind) {
    case "array":
      return `(${valueTypeText(type.elementType)}${type.containsNull ? " | null" : ""})[]`;
    case "map":
      return `Map<${valueTypeText(type.keyType)}, ${valueTypeText(type.valueType)}${type.valueContainsNull ? " | null" : ""}>`;
    case "struct":
      return `import("sluice/sql").Row<${rowTypeText(type)}>`;
    default: {
      const named = valueClasses[type.kind];
      return named ? `import("sluice/sql").${named}` : (valueTypes[type.kind] ?? "unknown");
    }
  }
}
