import type { MessagePort } from "node:worker_threads";
import { messageOf, SluiceError } from "../../../errors.ts";
import { readMagics } from "../../magics/typecheck.ts";
import type { TypeCheckMode } from "../../magics/typecheck.ts";
import type { ExpressionResult, LanguageInfo } from "../../protocol/content.ts";
import type {
  CellOutcome,
  CellRequest,
  CommEvent,
  Completeness,
  Completions,
  Inspection,
  Interpreter,
  InterpreterHost,
} from "../interpreter.ts";
import { interruptedOutcome } from "../outcomes.ts";
import type { CellSource, Diagnostic, Language } from "../language/language.ts";
import { chainAt, chainBefore } from "./chain.ts";
import type * as Compile from "./compile.ts";
import type { FromSession, Member, ToSession } from "./messages.ts";
import { SHARED } from "./messages.ts";
import { HOOK } from "./hook-name.ts";
import { KERNEL_TYPES } from "./kernel-types.ts";
import type { SyntaxProblem } from "./scan.ts";

type Compiler = typeof Compile;
type ReadyCell = Extract<Compile.CompiledCell, { ok: true }>;
interface RunningCell {
  id: number;
  finish: (done: Done) => void;
  /** Whether the session saw the last interrupt. */
  seen: boolean;
  ending: boolean;
}

type Done = Extract<FromSession, { type: "done" }>;

/** How long the main thread may take to answer while a cell computes; then there is no answer. */
const ANSWER_WITHIN_MS = 400;
/** An interrupt that is not seen within this time is not going to be: while a cell's own code runs, and while a callback does. */
const END_EVALUATING_AFTER_MS = 15;
const END_CALLBACK_AFTER_MS = 135;
const ASK_AGAIN_AFTER_MS = 400;
/** TypeScript's numbers for a name that is not declared. */
const UNKNOWN_NAMES = new Set([2304, 2552, 2584, 18004]);
/** The session's end may take this long, since preloads free what they hold. */
const DISPOSE_WITHIN_MS = 2500;

/** What the protocol thread needs of the TypeScript interpreter. */
export interface TypeScriptOptions {
  /** Leads to the session in the main thread. */
  port: MessagePort;
  shared: Int32Array;
  language: () => Language | undefined;
  /** What happens with type errors until a cell says otherwise. With `off` the language is not even started. */
  typecheck?: TypeCheckMode;
  /** Connects to the inspector of the main thread, which can end running code. */
  control: () => InspectorControl;
}

/** The part of an inspector session that ends running code. */
export interface InspectorControl {
  post(method: string, params?: Record<string, unknown>): void;
  disconnect(): void;
}

/**
 * Runs TypeScript cells. Lives in the protocol's thread: it compiles cells and hands them to the session in the main thread,
 * so that it can answer and interrupt while a cell computes.
 */
export class TypeScriptInterpreter implements Interpreter {
  readonly banner = "TypeScript on Node.js, by Sluice";
  readonly languageInfo: LanguageInfo = {
    name: "typescript",
    version: process.version.slice(1),
    mimetype: "application/typescript",
    file_extension: ".ts",
    codemirror_mode: "typescript",
    pygments_lexer: "typescript",
  };
  readonly #options: TypeScriptOptions;
  #control: InspectorControl | undefined;
  readonly #answers = new Map<number, (value: unknown) => void>();
  #loading: Promise<Compiler> | undefined;
  #compiler: Compiler | undefined;
  #language: Language | undefined;
  #host: InterpreterHost | undefined;
  #running: RunningCell | undefined;
  /** Ends what is done for a cell before it runs. */
  #interruptEarly: () => void = () => undefined;
  #lastId = 0;
  #typecheck: TypeCheckMode;
  /** What the language must hear when it is started after the first cells. */
  readonly #unheard: ((language: Language) => void)[] = [(language) => language.declare(KERNEL_TYPES)];
  /** Tells the language of the cell that ran last. */
  #accepted: () => void = () => undefined;
  /** Resolves when the globals of the preload are declared: no cell runs or is checked before. */
  readonly #declared: Promise<void>;
  #onDeclared: () => void = () => undefined;
  #isDeclared = false;

  constructor(options: TypeScriptOptions) {
    this.#options = options;
    this.#typecheck = options.typecheck ?? "error";
    this.#declared = new Promise((resolve) => (this.#onDeclared = resolve));
    options.port.on("message", (message: FromSession) => this.#receive(message));
  }

  start(host: InterpreterHost): void {
    this.#host = host;
    this.#control = this.#options.control();
    this.#post({ type: "start" });
    // Loaded when the sockets are open, so that the kernel is ready before.
    setImmediate(() => {
      void this.#compile("");
      if (this.#typecheck !== "off") this.#startLanguage();
    });
  }

  async execute(cell: CellRequest): Promise<CellOutcome> {
    const early = new Promise<"interrupted">((resolve) => (this.#interruptEarly = () => resolve("interrupted")));
    const prepared = await Promise.race([this.#prepare(cell), early]);
    if (prepared === "interrupted") return interruptedOutcome();
    if ("status" in prepared) return prepared;
    const done = await this.#run(cell, prepared.compiled);
    const failed = done.outcome.status !== "ok";
    this.#accepted = () => this.#tell((language) => language.accept(prepared.source, done.types, failed));
    // Not before the reply went out: the work that this makes in another thread would take its processor.
    setImmediate(() => this.#accept());
    return done.outcome;
  }

  async #prepare(cell: CellRequest): Promise<CellOutcome | { compiled: ReadyCell; source: CellSource }> {
    const magics = readMagics(cell.code);
    if (magics.typecheck) this.#typecheck = magics.typecheck;
    if (magics.problem) return syntaxErrorOf(cell.code, [magics.problem]);
    let found: Promise<Diagnostic[] | undefined> | undefined;
    // Not awaited when it is there: the check is asked for before anything else is done for this cell.
    const compiled = (this.#compiler ?? (await this.#load())).compileCell(magics.code, (bindings) => {
      found = this.#startCheck({ number: cell.number, code: magics.code, bindings });
    });
    if (!compiled.ok) return syntaxErrorOf(cell.code, compiled.problems);
    const source: CellSource = { number: cell.number, code: magics.code, bindings: compiled.bindings };
    return (await this.#judge(source, cell, (await found) ?? [])) ?? { compiled, source };
  }

  async evaluate(expressions: Record<string, string>, parent: string): Promise<Record<string, ExpressionResult>> {
    const results: Record<string, ExpressionResult> = {};
    const compiled: Record<string, string> = {};
    const { compileExpression } = await this.#load();
    for (const [name, expression] of Object.entries(expressions)) {
      const one = compileExpression(String(expression));
      if (one.ok) compiled[name] = one.js;
      else {
        const { syntaxErrorContent } = await import("./diagnostics.ts");
        results[name] = { status: "error", ...syntaxErrorContent(String(expression), one.problems) };
      }
    }
    const early = new Promise((resolve) => (this.#interruptEarly = () => resolve({})));
    const answered = await Promise.race([this.#ask({ type: "evaluate", parent, expressions: compiled }), early]);
    return { ...results, ...(answered as Record<string, ExpressionResult>) };
  }

  async complete(code: string, cursor: number): Promise<Completions> {
    this.#accept();
    const known = await this.#orNothing(this.#language?.complete(code, cursor));
    if (known) return known;
    const chain = chainBefore(code, cursor);
    if (!chain) return { matches: [], start: cursor, end: cursor };
    const members = (await this.#askSoon({ type: "members", path: chain.path }, [])) as Member[];
    const matches = members
      .filter(({ name }) => name.startsWith(chain.prefix))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, type }) => ({ text: name, type }));
    return { matches, start: chain.start, end: cursor };
  }

  async inspect(code: string, cursor: number, detail: number): Promise<Inspection | undefined> {
    this.#accept();
    const known = await this.#orNothing(this.#language?.inspect(code, cursor, detail));
    if (known) return known;
    const path = chainAt(code, cursor);
    const text = path && (await this.#askSoon({ type: "describe", path, detail }, undefined));
    return typeof text === "string" ? { text } : undefined;
  }

  async isComplete(code: string): Promise<Completeness> {
    const { completenessOf } = await import("./is-complete.ts");
    return completenessOf(readMagics(code).code);
  }

  async comm(event: CommEvent, parent: string): Promise<void> {
    await this.#ask({ type: "comm", parent, event });
  }

  interrupt(): void {
    const running = this.#running;
    if (running === undefined) {
      this.#interruptEarly();
      return;
    }
    void this.#end(running);
  }

  async shutdown(): Promise<void> {
    this.interrupt();
    await Promise.race([this.#ask({ type: "dispose" }), later(DISPOSE_WITHIN_MS)]);
    await this.#language?.dispose();
    this.#control?.disconnect();
  }

  #startLanguage(): void {
    this.#language ??= this.#options.language();
    if (this.#language) for (const tell of this.#unheard.splice(0)) tell(this.#language);
  }

  #accept(): void {
    this.#accepted();
    this.#accepted = () => undefined;
  }

  #tell(tell: (language: Language) => void): void {
    if (this.#language) tell(this.#language);
    else this.#unheard.push(tell);
  }

  #askToEnd(running: RunningCell): void {
    running.seen = false;
    this.#post({ type: "interrupt", id: running.id });
  }

  /** Whether the main thread is inside of a cell's own code, so that ending it ends nothing else. */
  #isEvaluating(): boolean {
    return Atomics.load(this.#options.shared, SHARED.EVALUATING) === 1;
  }

  // A main thread that does not see the interrupt is computing, and only then it is ended: ending one that waits would end
  // whatever it does next. Once may not do, code can catch up and go on, so it is asked again until the cell is done.
  async #end(running: RunningCell): Promise<void> {
    if (running.ending) return;
    running.ending = true;
    this.#askToEnd(running);
    await later(END_EVALUATING_AFTER_MS);
    if (!running.seen && !this.#isEvaluating()) await later(END_CALLBACK_AFTER_MS);
    while (this.#running === running) {
      if (!running.seen) {
        this.#control?.post("Runtime.evaluate", { expression: `${HOOK}.unwind()`, silent: true });
        this.#control?.post("Runtime.terminateExecution");
        this.#post({ type: "terminated", id: running.id });
      }
      this.#askToEnd(running);
      await later(ASK_AGAIN_AFTER_MS);
    }
  }

  // Asks at once when it can, so that the checker works while the cell is compiled.
  #startCheck(source: CellSource): Promise<Diagnostic[] | undefined> | undefined {
    if (this.#typecheck === "off") return undefined;
    this.#startLanguage();
    this.#accept();
    const language = this.#language;
    if (language === undefined) return undefined;
    const check = (): Promise<Diagnostic[]> => language.check(source);
    return this.#orNothing(this.#isDeclared ? check() : this.#declared.then(check));
  }

  async #judge(source: CellSource, cell: CellRequest, found: Diagnostic[]): Promise<CellOutcome | undefined> {
    const diagnostics = await this.#withoutLiving(source.code, found);
    if (diagnostics.length === 0) return undefined;
    const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error");
    const { diagnosticLines, typeErrorContent } = await import("./diagnostics.ts");
    if (errors.length > 0 && this.#typecheck === "error") {
      return { status: "error", ...typeErrorContent(source.code, errors) };
    }
    this.#host?.stream(cell.parent, "stderr", diagnosticLines(source.code, diagnostics).join("\n") + "\n");
    return undefined;
  }

  // A name that only the running values know, such as one that code put on `globalThis`, is no mistake.
  async #withoutLiving(code: string, diagnostics: Diagnostic[]): Promise<Diagnostic[]> {
    const isName = ({ code: number }: Diagnostic): boolean => UNKNOWN_NAMES.has(number);
    if (!diagnostics.some(isName)) return diagnostics;
    const members = (await this.#askSoon({ type: "members", path: [] }, [])) as Member[];
    const living = new Set(members.map(({ name }) => name));
    return diagnostics.filter((found) => !isName(found) || !living.has(code.slice(found.start, found.end)));
  }

  #run(cell: CellRequest, compiled: ReadyCell): Promise<Done> {
    const id = ++this.#lastId;
    const { parent, number, silent, code } = cell;
    const names = compiled.bindings.map((binding) => binding.name);
    return new Promise((resolve) => {
      this.#running = {
        id,
        seen: true,
        ending: false,
        finish: (done) => {
          this.#running = undefined;
          resolve(done);
        },
      };
      const { js, map } = compiled;
      this.#post({ type: "execute", id, parent, number, silent, code, js, map, names });
    });
  }

  #receive(message: FromSession): void {
    const host = this.#host;
    switch (message.type) {
      case "stream":
        host?.stream(message.parent, message.name, message.text);
        Atomics.sub(this.#options.shared, SHARED.SENT_TO_WORKER, message.text.length);
        Atomics.notify(this.#options.shared, SHARED.SENT_TO_WORKER);
        return;
      case "display":
        host?.display(message.parent, message.event);
        return;
      case "clear":
        host?.clear(message.parent, message.wait);
        return;
      case "comm":
        host?.comm(message.parent, message.event);
        return;
      case "uncaught":
        host?.uncaught(message.parent, message.error);
        return;
      case "input":
        void this.#input(message);
        return;
      case "globals":
        this.#tell((language) => language.declare(message.types));
        this.#isDeclared = true;
        this.#onDeclared();
        return;
      case "interrupt-seen":
        if (this.#running?.id === message.id) this.#running.seen = true;
        return;
      case "done":
        if (this.#running?.id === message.id) this.#running.finish(message);
        return;
      case "answer":
        this.#answers.get(message.id)?.(message.value);
        this.#answers.delete(message.id);
        return;
      case "exiting":
        void host?.exiting(message.parent, message.error).finally(() => {
          this.#control?.disconnect();
          Atomics.store(this.#options.shared, SHARED.EXIT_READY, 1);
          Atomics.notify(this.#options.shared, SHARED.EXIT_READY);
        });
        return;
    }
  }

  async #input({ id, parent, prompt, password }: Extract<FromSession, { type: "input" }>): Promise<void> {
    try {
      const value = await this.#host?.input(parent, prompt, password);
      this.#post({ type: "input-reply", id, value: value ?? "" });
    } catch (error) {
      const code = error instanceof SluiceError ? error.code : "INTERNAL";
      this.#post({ type: "input-reply", id, error: { message: messageOf(error), code } });
    }
  }

  #load(): Promise<Compiler> {
    this.#loading ??= import("./compile.ts").then((compiler) => (this.#compiler = compiler));
    return this.#loading;
  }

  async #compile(code: string): Promise<Compile.CompiledCell> {
    return (await this.#load()).compileCell(code);
  }

  // What the language can't answer must not stop anything.
  async #orNothing<T>(answer: Promise<T> | undefined): Promise<T | undefined> {
    try {
      return await answer;
    } catch {
      return undefined;
    }
  }

  #ask(message: DistributiveOmit<ToSession, "id">): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#answers.set(id, resolve);
      this.#post({ ...message, id } as ToSession);
    });
  }

  #askSoon(message: DistributiveOmit<ToSession, "id">, otherwise: unknown): Promise<unknown> {
    return Promise.race([this.#ask(message), later(ANSWER_WITHIN_MS).then(() => otherwise)]);
  }

  #post(message: ToSession): void {
    this.#options.port.postMessage(message);
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

async function syntaxErrorOf(code: string, problems: readonly SyntaxProblem[]): Promise<CellOutcome> {
  const { syntaxErrorContent } = await import("./diagnostics.ts");
  return { status: "error", ...syntaxErrorContent(code, problems) };
}

function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
