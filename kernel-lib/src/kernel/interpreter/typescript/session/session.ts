import process from "node:process";
import { setImmediate, setTimeout } from "node:timers";
import type { MessagePort } from "node:worker_threads";
import { createDisplay, isDisplayHandle } from "../../../display/display.ts";
import type { Display } from "../../../display/display.ts";
import { asJson, bundleOf } from "../../../display/mime.ts";
import type { ErrorContent, MimeBundle } from "../../../protocol/content.ts";
import { messageOf, SluiceError } from "../../../../errors.ts";
import type { CellOutcome } from "../../interpreter.ts";
import { interruptedOutcome } from "../../outcomes.ts";
import type { Preload } from "../../preload.ts";
import type { FromSession, ToSession } from "../messages.ts";
import { SHARED } from "../messages.ts";
import { emptyAsyncStack } from "./async-stack.ts";
import { Cell, currentCell, runIn } from "./cells.ts";
import { SessionComms } from "./comms.ts";
import { Evaluator } from "./evaluator.ts";
import type { Evaluated } from "./evaluator.ts";
import { hookExit, hookUncaught, unhandledError } from "./exits.ts";
import { installHook } from "./hook.ts";
import { createImports } from "./imports.ts";
import type { CellImports } from "./imports.ts";
import { loadPreload } from "./preloading.ts";
import { cellSource, installStackFormat, placeInCell, rememberCell } from "./positions.ts";
import { captureStreams } from "./streams.ts";
import { createTslab } from "./tslab.ts";
import { guardTimers } from "./timers.ts";
import { describeSyntaxError, describeThrown } from "./traceback.ts";
import { describeAt, membersAt, typesOf } from "./values.ts";

type ExecuteMessage = Extract<ToSession, { type: "execute" }>;

/** How long a cell may take to end by itself after an interrupt. */
const INTERRUPT_GRACE_MS = 250;

/** What a session is made of. */
export interface SessionOptions {
  port: MessagePort;
  shared: Int32Array;
  cwd: string;
  /** The module that `--preload` names. */
  preload?: string;
}

/** The main thread's side: runs the user's code and says what it puts out. */
export class Session {
  readonly #options: SessionOptions;
  readonly #evaluator = new Evaluator();
  readonly #imports: CellImports;
  readonly #display: Display;
  readonly #comms: SessionComms;
  readonly #inputs = new Map<number, { resolve: (value: string) => void; reject: (error: Error) => void }>();
  /** Names that cells declared; their values are asked for their types. */
  readonly #names = new Set<string>();
  #preload: Preload | undefined;
  /** What the first cell must say. */
  #trouble = "";
  #ready: Promise<void> | undefined;
  /** The cell that runs; it is evaluated first and then finished: shown, disposed, asked for its types. */
  #running: { id: number; cell: Cell; evaluated: boolean } | undefined;
  /** Cells that wait for the preload. */
  readonly #waiting = new Set<number>();
  #lastInput = 0;
  #runs = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    installStackFormat();
    captureStreams((message) => this.#post(message), options.shared);
    hookExit((message) => this.#post(message), options.shared);
    hookUncaught((cell, error) => this.#tellUncaught(cell, error));
    this.#display = createDisplay({
      show: (event) => this.#post({ type: "display", parent: currentCell().parent, event: asJson(event) }),
      clear: (wait) => this.#post({ type: "clear", parent: currentCell().parent, wait }),
      page: (data) => void currentCell().payloads.push({ source: "page", data: asJson(data), start: 0 }),
      track: (pending) => {
        const { pending: all } = currentCell();
        all.add(pending);
      },
    });
    this.#imports = createImports(options.cwd, { tslab: createTslab(this.#display) });
    installHook(this.#imports, this.#evaluator);
    if (emptyAsyncStack === undefined) guardTimers((call) => this.#evaluator.guard(call));
    this.#comms = new SessionComms((event) => {
      const { data, metadata } = asJson({ data: event.data, metadata: event.metadata });
      this.#post({ type: "comm", parent: currentCell().parent, event: { ...event, data, metadata } });
    });
    const interruptSignal = (): AbortSignal => currentCell().signal;
    this.#define({
      display: this.#display,
      input: this.#input.bind(this),
      comms: this.#comms,
      interruptSignal,
    });
    Object.defineProperty(globalThis, Symbol.for("sluice.interrupt"), { value: interruptSignal, configurable: true });
    process.on("exit", () => this.#evaluator.close());
    options.port.on("message", (message: ToSession) => this.#receive(message));
  }

  #receive(message: ToSession): void {
    switch (message.type) {
      case "start":
        this.#ready = this.#loadPreload().finally(() =>
          this.#post({ type: "globals", types: this.#preload?.types ?? "" }),
        );
        return;
      case "execute":
        this.#waiting.add(message.id);
        void this.#prepared().then(() => {
          // An interrupt may have come while the preload was loading.
          if (this.#waiting.delete(message.id)) this.#execute(message);
        });
        return;
      case "evaluate":
        void this.#evaluateAll(message);
        return;
      case "interrupt":
        this.#post({ type: "interrupt-seen", id: message.id });
        this.#interrupt(message.id);
        return;
      case "terminated":
        // What did not end by itself by now never will.
        setImmediate(() => this.#abandon(message.id));
        return;
      case "input-reply":
        this.#takeInput(message);
        return;
      case "comm":
        this.#takeComm(message);
        return;
      case "members":
        this.#answer(message.id, membersAt(message.path));
        return;
      case "describe":
        this.#answer(message.id, describeAt(message.path, message.detail));
        return;
      case "dispose":
        void this.#dispose().finally(() => this.#answer(message.id, undefined));
        return;
    }
  }

  #execute(message: ExecuteMessage): void {
    const { id, parent, js, map, code, names } = message;
    const cell = new Cell(parent);
    cell.isOpen = true;
    const source = cellSource(message.number, ++this.#runs);
    rememberCell(source, code, map);
    for (const name of names) {
      this.#names.add(name);
      makeAssignable(name);
    }
    const running = { id, cell, evaluated: false };
    this.#running = running;
    runIn(cell, () => {
      if (this.#trouble !== "") process.stderr.write(this.#trouble);
      this.#trouble = "";
      Atomics.store(this.#options.shared, SHARED.EVALUATING, 1);
      this.#evaluator.evaluate(`${js}\n//# sourceURL=${source}`, (evaluated) => {
        running.evaluated = true;
        // An interrupt may have ended the cell before.
        if (this.#running === running) runIn(cell, () => void this.#finish(message, cell, source, evaluated));
      });
      Atomics.store(this.#options.shared, SHARED.EVALUATING, 0);
    });
  }

  async #finish(message: ExecuteMessage, cell: Cell, source: string, evaluated: Evaluated): Promise<void> {
    let outcome: CellOutcome;
    try {
      await this.#settle(cell);
      outcome = await this.#outcomeOf(message, cell, source, evaluated);
    } catch (error) {
      outcome = cell.signal.aborted ? interruptedOutcome() : { status: "error", ...describeThrown(error) };
    }
    const { unhandled } = cell;
    if (unhandled && outcome.status === "ok") outcome = { status: "error", ...describeThrown(unhandled.error) };
    else if (unhandled && !cell.signal.aborted) this.#tellUncaught(cell, unhandledError(unhandled.error));
    this.#done(message.id, outcome, outcome.status === "ok" ? await typesOf(this.#names) : {});
  }

  #done(id: number, outcome: CellOutcome, types: Record<string, string> = {}): void {
    if (this.#running?.id !== id) return;
    this.#running.cell.isOpen = false;
    this.#running = undefined;
    this.#post({ type: "done", id, outcome, types });
  }

  // Shows what is still being made and disposes what the cell used, last first.
  async #settle(cell: Cell): Promise<void> {
    try {
      await Promise.all(cell.pending);
      if (cell.isKeptOpen) await this.#finishWork(cell);
    } finally {
      for (const dispose of cell.disposables.splice(0).reverse()) await dispose();
    }
  }

  // What the cell started and did not await. It is told, since what followed in the cell may have come too early.
  async #finishWork(cell: Cell): Promise<void> {
    await cell.finishWork();
    this.#say(cell, "The cell waited for work that it did not await. Write `await` before what starts it.\n");
  }

  async #outcomeOf(message: ExecuteMessage, cell: Cell, source: string, evaluated: Evaluated): Promise<CellOutcome> {
    if (evaluated.status === "terminated") return interruptedOutcome();
    if (evaluated.status === "thrown") {
      const { error, line, column } = evaluated;
      if (error === cell.signal.reason && cell.signal.aborted) return interruptedOutcome();
      const place = placeInCell(source, { line, column });
      const content = evaluated.compiling ? describeSyntaxError(error, place) : describeThrown(error, place);
      return { status: "error", ...content };
    }
    const ok = { status: "ok" as const, payloads: cell.payloads };
    const { value } = evaluated;
    // What a display function gives back was just shown.
    if (value === undefined || message.silent || isDisplayHandle(value)) return ok;
    return { ...ok, result: { data: await this.#bundle(value), metadata: {} } };
  }

  async #bundle(value: unknown): Promise<MimeBundle> {
    return asJson(await bundleOf(value));
  }

  #interrupt(id: number): void {
    if (this.#waiting.delete(id)) this.#post({ type: "done", id, outcome: interruptedOutcome(), types: {} });
    const running = this.#running;
    if (running?.id !== id) return;
    for (const { reject } of this.#inputs.values())
      reject(new SluiceError("INTERRUPTED", "The input was interrupted."));
    this.#inputs.clear();
    running.cell.interrupt();
    setTimeout(() => this.#abandon(id), INTERRUPT_GRACE_MS);
  }

  #abandon(id: number): void {
    if (this.#running?.id !== id) return;
    const { evaluated } = this.#running;
    this.#done(id, interruptedOutcome());
    if (!evaluated) this.#evaluator.forget();
  }

  async #evaluateAll(message: Extract<ToSession, { type: "evaluate" }>): Promise<void> {
    const results: Record<string, unknown> = {};
    for (const [name, js] of Object.entries(message.expressions)) {
      const evaluated = await new Promise<Evaluated>((done) =>
        runIn(new Cell(message.parent), () => this.#evaluator.evaluate(js, done)),
      );
      try {
        if (evaluated.status === "thrown") throw evaluated.error;
        const value = evaluated.status === "ok" ? evaluated.value : undefined;
        results[name] = { status: "ok", data: await this.#bundle(value), metadata: {} };
      } catch (error) {
        results[name] = { status: "error", ...describeThrown(error) };
      }
    }
    this.#answer(message.id, results);
  }

  #input(prompt = "", options: { password?: boolean } = {}): Promise<string> {
    const id = ++this.#lastInput;
    const answered = new Promise<string>((resolve, reject) => this.#inputs.set(id, { resolve, reject }));
    const { parent } = currentCell();
    this.#post({ type: "input", id, parent, prompt: String(prompt), password: options.password ?? false });
    return answered;
  }

  #takeInput(message: Extract<ToSession, { type: "input-reply" }>): void {
    const waiting = this.#inputs.get(message.id);
    this.#inputs.delete(message.id);
    if (message.error) waiting?.reject(new SluiceError(message.error.code, message.error.message));
    else waiting?.resolve(message.value ?? "");
  }

  #takeComm(message: Extract<ToSession, { type: "comm" }>): void {
    const cell = new Cell(message.parent);
    const taken = runIn(cell, () => this.#comms.receive(message.event));
    taken
      .catch((error: unknown) => this.#say(cell, describeThrown(error).traceback.join("\n") + "\n"))
      .finally(() => this.#answer(message.id, undefined))
      .catch(() => undefined);
  }

  #prepared(): Promise<void> {
    this.#ready ??= this.#loadPreload();
    return this.#ready;
  }

  async #loadPreload(): Promise<void> {
    if (this.#options.preload === undefined) return;
    const { cwd, preload } = this.#options;
    try {
      this.#preload = await loadPreload(preload, this.#imports, {
        display: this.#display,
        input: this.#input.bind(this),
        interruptSignal: () => currentCell().signal,
        keepCellOpen: (work) => currentCell().keepOpen(work),
        cwd,
      });
      this.#define(this.#preload.globals);
    } catch (error) {
      this.#trouble = `The module ${preload} could not be loaded before the first cell: ${messageOf(error)}\n`;
    }
  }

  async #dispose(): Promise<void> {
    await this.#preload?.dispose?.();
  }

  #define(globals: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(globals)) {
      Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: true });
    }
  }

  #answer(id: number, value: unknown): void {
    this.#post({ type: "answer", id, value });
  }

  #tellUncaught(cell: Cell, error: ErrorContent): void {
    this.#post({ type: "uncaught", parent: cell.parent, error });
  }

  #say(cell: Cell, text: string): void {
    this.#post({ type: "stream", parent: cell.parent, name: "stderr", text });
  }

  #post(message: FromSession): void {
    this.#options.port.postMessage(message);
  }
}

// A global with a getter only, such as `navigator`, can't be assigned by a declaration of the same name.
function makeAssignable(name: string): void {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, name);
  if (descriptor?.configurable && !("value" in descriptor)) {
    Object.defineProperty(globalThis, name, { value: undefined, writable: true, configurable: true, enumerable: true });
  }
}
