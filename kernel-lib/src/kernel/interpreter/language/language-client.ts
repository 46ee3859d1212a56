import process from "node:process";
import { Worker } from "node:worker_threads";
import type { Completions, Inspection } from "../interpreter.ts";
import type { CellSource, Diagnostic, Language } from "./language.ts";
import type { FromLanguage, LanguageWorkerData, Questions, Statement } from "./messages.ts";

/** How long a cell waits for its check; then it runs unchecked. */
const CHECK_WITHIN_MS = 2000;
/** How long a completion or an inspection is waited for; then the running values are asked. */
const ANSWER_WITHIN_MS = 1000;
/** What takes longer than this will never end: the compiler is ended and started again. */
const STUCK_AFTER_MS = 20_000;
const DISPOSE_WITHIN_MS = 300;

/** What makes the worker; tests give one of their own. */
export type StartWorker = (data: LanguageWorkerData) => Pick<Worker, "on" | "postMessage" | "terminate" | "unref">;

/**
 * The protocol thread's side of the language: asks the worker, and waits for no answer longer than is bearable. While an
 * earlier question is overdue, nothing waits at all.
 */
export class LanguageClient implements Language {
  readonly #worker: ReturnType<StartWorker>;
  readonly #waiting = new Map<number, (answer: unknown) => void>();
  readonly #overdue = new Set<number>();
  #pid: number | undefined;
  #lastId = 0;
  #gone = false;

  constructor(data: LanguageWorkerData, startWorker: StartWorker = startLanguageWorker) {
    this.#worker = startWorker(data);
    this.#worker.unref();
    this.#worker.on("message", (message: FromLanguage) => this.#take(message));
    // Without its worker the language knows nothing; cells run unchecked.
    this.#worker.on("error", () => this.#end());
    this.#worker.on("exit", () => this.#end());
  }

  async check(cell: CellSource): Promise<Diagnostic[]> {
    return (await this.#ask("check", [cell], CHECK_WITHIN_MS)) ?? [];
  }

  complete(code: string, cursor: number): Promise<Completions | undefined> {
    return this.#ask("complete", [code, cursor], ANSWER_WITHIN_MS);
  }

  inspect(code: string, cursor: number, detail: number): Promise<Inspection | undefined> {
    return this.#ask("inspect", [code, cursor, detail], ANSWER_WITHIN_MS);
  }

  accept(cell: CellSource, types: Readonly<Record<string, string>>, failed = false): void {
    this.#tell({ type: "accept", cell, types, failed });
  }

  declare(types: string): void {
    this.#tell({ type: "declare", types });
  }

  async dispose(): Promise<void> {
    if (this.#gone) return;
    const ended = new Promise<void>((resolve) => void this.#worker.on("exit", () => resolve()));
    this.#tell({ type: "dispose" });
    await Promise.race([ended, later(DISPOSE_WITHIN_MS)]);
    this.#endProcess();
    await this.#worker.terminate();
  }

  async #ask<K extends keyof Questions>(
    type: K,
    asks: Questions[K]["asks"],
    withinMs: number,
  ): Promise<Questions[K]["answer"] | undefined> {
    if (this.#gone || this.#overdue.size > 0) return undefined;
    const id = ++this.#lastId;
    const answer = new Promise<unknown>((resolve) => this.#waiting.set(id, resolve));
    this.#worker.postMessage({ type, id, asks });
    const timer = setTimeout(() => this.#late(id), withinMs).unref();
    const answered = await answer;
    clearTimeout(timer);
    return answered as Questions[K]["answer"] | undefined;
  }

  #tell(statement: Statement): void {
    if (!this.#gone) this.#worker.postMessage(statement);
  }

  #late(id: number): void {
    this.#waiting.get(id)?.(undefined);
    this.#overdue.add(id);
    setTimeout(() => {
      // The worker sees its compiler end, answers and starts another one.
      if (this.#overdue.has(id)) this.#endProcess();
    }, STUCK_AFTER_MS).unref();
  }

  #take(message: FromLanguage): void {
    if (message.type === "process") {
      this.#pid = message.pid;
      return;
    }
    this.#overdue.delete(message.id);
    this.#waiting.get(message.id)?.(message.failure === undefined ? message.answer : undefined);
    this.#waiting.delete(message.id);
  }

  #end(): void {
    this.#gone = true;
    for (const resolve of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }

  #endProcess(): void {
    try {
      if (this.#pid !== undefined) process.kill(this.#pid, "SIGKILL");
    } catch {
      // It ended by itself.
    }
    this.#pid = undefined;
  }
}

function startLanguageWorker(workerData: LanguageWorkerData): Worker {
  return new Worker(new URL("./language-worker.js", import.meta.url), { workerData });
}

function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds).unref());
}
