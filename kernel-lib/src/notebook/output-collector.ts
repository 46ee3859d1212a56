import { isObject } from "./nbformat.ts";
import type { CodeCell, JsonObject, MimeBundle, Output } from "./nbformat.ts";

/** The part of a kernel's iopub message that outputs are made of. */
export interface OutputMessage {
  msg_type: string;
  content: JsonObject;
  /** The id of the request that the message belongs to; absent for output that belongs to none. */
  parent?: string | undefined;
}

/** What a message changed. */
export interface OutputChange {
  cell: CodeCell;
  /** The text that a stream added. */
  stream?: { name: string; text: string };
  /** The MIME bundle that was displayed, or that an earlier display was changed to. */
  data?: MimeBundle;
  /** The error that was told. */
  error?: CellError;
}

/** An error of a cell, with the lines that the kernel printed for it. */
export interface CellError {
  name: string;
  message: string;
  traceback: string[];
}

/** An output with a MIME bundle: the ones that a later message can change. */
type Display = Extract<Output, { data: MimeBundle }>;

/**
 * Collects a kernel's outputs into the cells they belong to.
 *
 * Each message goes to the cell of its request, however late it comes. Streams are merged, `clear_output` with `wait`
 * waits for the next output, and `update_display_data` changes every display of that id in the whole notebook.
 *
 * @example
 * ```ts
 * const cell: CodeCell = { cell_type: "code", source: "1", metadata: {}, execution_count: null, outputs: [] };
 * const messageId = "1";
 * const collector = new OutputCollector();
 * collector.begin(cell, messageId);
 * collector.receive({ msg_type: "stream", content: { name: "stdout", text: "hello\n" }, parent: messageId });
 * ```
 */
export class OutputCollector {
  readonly #cells = new Map<string, CodeCell>();
  readonly #displays = new Map<string, Display[]>();
  readonly #toClear = new Set<CodeCell>();
  #current: CodeCell | undefined;

  /** Names the request that runs a cell. Output without a request goes to the cell named last. */
  begin(cell: CodeCell, requestId: string): void {
    this.#cells.set(requestId, cell);
    this.#current = cell;
  }

  /** Takes one message. Returns what it changed, or `undefined` when it is no output or belongs to no cell. */
  receive(message: OutputMessage): OutputChange | undefined {
    const { content, parent } = message;
    const cell = parent === undefined ? this.#current : this.#cells.get(parent);
    switch (message.msg_type) {
      case "update_display_data":
        return this.#update(content, cell);
      case "execute_input":
        if (cell && typeof content["execution_count"] === "number") cell.execution_count = content["execution_count"];
        return cell && { cell };
      case "clear_output":
        if (!cell) return undefined;
        if (content["wait"] === true) this.#toClear.add(cell);
        else cell.outputs.length = 0;
        return { cell };
      case "stream":
        return cell && this.#stream(cell, text(content["name"]) || "stdout", text(content["text"]));
      case "display_data":
      case "execute_result":
        return cell && this.#display(cell, message.msg_type, content);
      case "error":
        return cell && this.#error(cell, content);
      default:
        return undefined;
    }
  }

  /** Adds an error that the run, not the kernel, found in a cell. */
  fail(cell: CodeCell, error: CellError): void {
    this.#error(cell, { ename: error.name, evalue: error.message, traceback: error.traceback });
  }

  /** The cell of a request. */
  cellOf(requestId: string | undefined): CodeCell | undefined {
    return requestId === undefined ? undefined : this.#cells.get(requestId);
  }

  #stream(cell: CodeCell, name: string, added: string): OutputChange {
    this.#clearIfAsked(cell);
    const last = cell.outputs.at(-1);
    if (last?.output_type === "stream" && last.name === name) last.text += added;
    else cell.outputs.push({ output_type: "stream", name, text: added });
    return { cell, stream: { name, text: added } };
  }

  #display(cell: CodeCell, type: "display_data" | "execute_result", content: JsonObject): OutputChange {
    this.#clearIfAsked(cell);
    const count = typeof content["execution_count"] === "number" ? content["execution_count"] : null;
    const data = object(content["data"]);
    const metadata = object(content["metadata"]);
    const output: Display =
      type === "display_data"
        ? { output_type: type, data, metadata }
        : { output_type: type, data, metadata, execution_count: count };
    cell.outputs.push(output);
    const id = displayId(content);
    if (id !== undefined) this.#displays.set(id, [...(this.#displays.get(id) ?? []), output]);
    return { cell, data };
  }

  #update(content: JsonObject, cell: CodeCell | undefined): OutputChange | undefined {
    const data = object(content["data"]);
    const displays = this.#displays.get(displayId(content) ?? "") ?? [];
    for (const display of displays) {
      display.data = data;
      display.metadata = object(content["metadata"]);
    }
    return cell && displays.length > 0 ? { cell, data } : undefined;
  }

  #error(cell: CodeCell, content: JsonObject): OutputChange {
    this.#clearIfAsked(cell);
    const traceback = Array.isArray(content["traceback"]) ? content["traceback"].map(text) : [];
    const [name, message] = [text(content["ename"]), text(content["evalue"])];
    cell.outputs.push({ output_type: "error", ename: name, evalue: message, traceback });
    return { cell, error: { name, message, traceback } };
  }

  #clearIfAsked(cell: CodeCell): void {
    if (this.#toClear.delete(cell)) cell.outputs.length = 0;
  }
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const object = (value: unknown): JsonObject => (isObject(value) ? value : {});

function displayId(content: JsonObject): string | undefined {
  const id = object(content["transient"])["display_id"];
  return typeof id === "string" ? id : undefined;
}
