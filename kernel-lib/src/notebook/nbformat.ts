import { messageOf, SluiceError } from "../errors.ts";

/** A value that JSON can hold. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** An object that JSON can hold. */
export interface JsonObject {
  [key: string]: Json;
}

/** A MIME bundle: one value under each MIME type that the kernel offers. */
export type MimeBundle = JsonObject;

/** One output of a code cell, in notebook format 4. Texts are whole strings here; files hold them as lists of lines. */
export type Output =
  | { output_type: "stream"; name: string; text: string }
  | { output_type: "display_data"; data: MimeBundle; metadata: JsonObject }
  | { output_type: "execute_result"; data: MimeBundle; metadata: JsonObject; execution_count: number | null }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

/** A cell that holds code, with what its last run printed. */
export interface CodeCell {
  cell_type: "code";
  id?: string;
  source: string;
  metadata: JsonObject;
  execution_count: number | null;
  outputs: Output[];
}

/** A cell that holds text. */
export interface TextCell {
  cell_type: "markdown" | "raw";
  id?: string;
  source: string;
  metadata: JsonObject;
  attachments?: JsonObject;
}

/** A cell of a notebook. */
export type Cell = CodeCell | TextCell;

/** A notebook in format 4, read into memory. */
export interface Notebook {
  nbformat: 4;
  nbformat_minor: number;
  metadata: JsonObject;
  cells: Cell[];
}

/** Whether a JSON value is an object, not a list and not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The tags of a cell, as JupyterLab's property inspector writes them. */
export function tagsOf(cell: Cell): string[] {
  const tags = cell.metadata["tags"];
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
}

/**
 * Reads the text of a notebook file and checks that Sluice can run it.
 *
 * @param text - The file's content.
 * @param name - What to call the file in errors.
 * @returns The notebook. Sources and outputs are whole strings.
 * @throws SluiceError `NOTEBOOK_INVALID` when the text is not JSON, not notebook format 4, names no kernel, or is in
 *   another language than TypeScript.
 *
 * @example
 * ```ts
 * const notebook = parseNotebook(await readFile("daily.ipynb", "utf8"), "daily.ipynb");
 * console.log(notebook.cells.length);
 * ```
 */
export function parseNotebook(text: string, name: string): Notebook {
  const root = parseJson(text, name);
  if (!isObject(root) || typeof root["nbformat"] !== "number") {
    throw invalid(`${name} is not a notebook: it has no "nbformat" number.`);
  }
  if (root["nbformat"] !== 4) {
    throw invalid(
      `${name} is in notebook format ${root["nbformat"]}, and only format 4 can be read.`,
      "Open it in JupyterLab and save it to bring it to format 4.",
    );
  }
  const metadata = isObject(root["metadata"]) ? root["metadata"] : {};
  checkLanguage(metadata, name);
  if (!Array.isArray(root["cells"])) throw invalid(`${name} is not a notebook: it has no list of cells.`);
  return {
    nbformat: 4,
    nbformat_minor: typeof root["nbformat_minor"] === "number" ? root["nbformat_minor"] : 0,
    metadata,
    cells: root["cells"].map((cell, index) => parseCell(cell, `Cell ${index + 1} of ${name}`)),
  };
}

/**
 * Writes a notebook as the text of a file, the way Jupyter writes it: keys sorted, one space of indent, long texts as
 * lists of lines, and a line break at the end. The same notebook always gives the same text.
 *
 * @example
 * ```ts
 * import { formatNotebook, readNotebook } from "sluice/notebook";
 * const text = formatNotebook(await readNotebook("daily.ipynb"));
 * ```
 */
export function formatNotebook(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) => {
    const outputs = cell.cell_type === "code" ? { outputs: cell.outputs.map(splitOutput) } : {};
    return { ...cell, source: splitLines(cell.source), ...outputs };
  });
  return JSON.stringify(sortKeys({ ...notebook, cells }), null, 1) + "\n";
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text.startsWith("\uFEFF") ? text.slice(1) : text);
  } catch (cause) {
    const detail = text.trim() === "" ? "the file is empty" : inOneLine(messageOf(cause));
    throw new SluiceError("NOTEBOOK_INVALID", `${name} is not a notebook, since it is not JSON: ${detail}.`, { cause });
  }
}

/** JSON.parse quotes the text around a mistake, with its line breaks and a full stop of its own or none. */
function inOneLine(message: string): string {
  return message.replace(/\s+/g, " ").replace(/\.$/, "");
}

function checkLanguage(metadata: JsonObject, name: string): void {
  const spec = metadata["kernelspec"];
  if (!isObject(spec)) {
    throw invalid(
      `${name} names no kernel (its metadata has no "kernelspec").`,
      "Open it in JupyterLab, choose the kernel Sluice and save it.",
    );
  }
  const info = metadata["language_info"];
  const language = spec["language"] ?? (isObject(info) ? info["name"] : undefined) ?? spec["name"];
  if (language === "typescript" || language === "sluice") return;
  throw invalid(
    `${name} is written for the kernel ${JSON.stringify(spec["name"] ?? "?")} (${JSON.stringify(language ?? null)}), and only TypeScript notebooks can be run.`,
    "Choose the kernel Sluice in JupyterLab if its cells are TypeScript.",
  );
}

function parseCell(cell: unknown, where: string): Cell {
  if (!isObject(cell)) throw invalid(`${where} is not an object.`);
  const source = joinLines(cell["source"]);
  if (source === undefined) throw invalid(`${where} has no source text.`);
  const metadata = isObject(cell["metadata"]) ? cell["metadata"] : {};
  const common = { ...cell, source, metadata };
  switch (cell["cell_type"]) {
    case "markdown":
    case "raw":
      return common as unknown as TextCell;
    case "code": {
      const outputs = Array.isArray(cell["outputs"]) ? cell["outputs"].filter(isObject).map(joinOutput) : [];
      const count = typeof cell["execution_count"] === "number" ? cell["execution_count"] : null;
      return { ...common, cell_type: "code", execution_count: count, outputs };
    }
    default:
      throw invalid(`${where} has the unknown type ${JSON.stringify(cell["cell_type"] ?? null)}.`);
  }
}

function joinLines(value: Json | undefined): string | undefined {
  if (typeof value === "string") return value;
  return Array.isArray(value) && value.every((line) => typeof line === "string") ? value.join("") : undefined;
}

function joinOutput(output: JsonObject): Output {
  const joined = { ...output };
  if ("text" in output) joined["text"] = joinLines(output["text"]) ?? "";
  if (isObject(output["data"])) {
    joined["data"] = mapValues(output["data"], (value, type) =>
      isJsonType(type) ? value : (joinLines(value) ?? value),
    );
  }
  return joined as Output;
}

function splitOutput(output: Output): JsonObject {
  const split = { ...output } as JsonObject;
  if (output.output_type === "stream") split["text"] = splitLines(output.text);
  if ("data" in output) {
    split["data"] = mapValues(output.data, (value, type) =>
      typeof value === "string" && !isJsonType(type) ? splitLines(value) : value,
    );
  }
  return split;
}

/** Cuts a text after each line break, as notebook files hold long texts. */
function splitLines(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

const isJsonType = (type: string): boolean => type === "application/json" || type.endsWith("+json");

function mapValues(object: JsonObject, change: (value: Json, key: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value as Record<string, unknown>);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sortKeys(item)]));
}

const invalid = (sentence: string, next?: string): SluiceError =>
  new SluiceError("NOTEBOOK_INVALID", sentence, next === undefined ? {} : { next });
