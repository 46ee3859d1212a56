import type { ExpressionResult, LanguageInfo } from "../protocol/content.ts";
import type {
  CellOutcome,
  CellRequest,
  CommEvent,
  Completeness,
  Completions,
  Inspection,
  Interpreter,
  InterpreterHost,
} from "./interpreter.ts";
import { interruptedOutcome } from "./outcomes.ts";

/**
 * An interpreter that has no language: a cell's result is its text. It serves to test the protocol by itself. Some first
 * words do more: `print`, `show`, `fail`, `ask`, `wait` (until an interrupt).
 */
export class EchoInterpreter implements Interpreter {
  readonly banner = "echo";
  readonly languageInfo: LanguageInfo = {
    name: "echo",
    version: "1",
    mimetype: "text/plain",
    file_extension: ".txt",
    codemirror_mode: "null",
    pygments_lexer: "text",
  };
  #host: InterpreterHost | undefined;
  #interrupt: () => void = () => undefined;

  start(host: InterpreterHost): void {
    this.#host = host;
  }

  async execute({ parent, code }: CellRequest): Promise<CellOutcome> {
    const [word, ...rest] = code.split(" ");
    const text = rest.join(" ");
    await Promise.resolve();
    if (word === "fail") return { status: "error", ename: "Failure", evalue: text, traceback: [text] };
    if (word === "print") this.#host?.stream(parent, "stdout", text);
    if (word === "show") this.#host?.display(parent, { data: { "text/plain": text }, metadata: {}, update: false });
    if (word === "wait") {
      await new Promise<void>((resolve) => (this.#interrupt = resolve));
      return interruptedOutcome();
    }
    const echoed = word === "ask" ? await this.#host?.input(parent, text, false) : code;
    return { status: "ok", result: { data: { "text/plain": echoed }, metadata: {} }, payloads: [] };
  }

  async evaluate(expressions: Record<string, string>): Promise<Record<string, ExpressionResult>> {
    const echo = (text: string): ExpressionResult => ({ status: "ok", data: { "text/plain": text }, metadata: {} });
    return Object.fromEntries(Object.entries(expressions).map(([name, text]) => [name, echo(text)]));
  }

  async complete(code: string, cursor: number): Promise<Completions> {
    return { matches: [{ text: code }], start: 0, end: cursor };
  }

  async inspect(code: string): Promise<Inspection | undefined> {
    return code === "" ? undefined : { text: code };
  }

  async isComplete(code: string): Promise<Completeness> {
    return code.endsWith("\\") ? { status: "incomplete", indent: "" } : { status: "complete" };
  }

  async comm(event: CommEvent, parent: string): Promise<void> {
    if (event.action === "message") this.#host?.comm(parent, event);
  }

  interrupt(): void {
    this.#interrupt();
  }

  async shutdown(): Promise<void> {
    this.interrupt();
  }
}
