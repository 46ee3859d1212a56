import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LanguageClient } from "./language-client.ts";
import type { CellSource, Diagnostic } from "./language.ts";
import type { FromLanguage, ToLanguage } from "./messages.ts";

class PlayedWorker extends EventEmitter {
  readonly received: ToLanguage[] = [];
  postMessage(message: ToLanguage): void {
    this.received.push(message);
  }
  terminate = async (): Promise<number> => 0;
  unref = (): void => undefined;
  say(message: FromLanguage): void {
    this.emit("message", message);
  }
}

const cell: CellSource = { number: 1, code: "x", bindings: [] };
const wrong: Diagnostic = { severity: "error", code: 1, message: "Wrong.", start: 0, end: 1 };
let worker: PlayedWorker;
let client: LanguageClient;

beforeEach(() => {
  vi.useFakeTimers();
  worker = new PlayedWorker();
  client = new LanguageClient({ cwd: "." }, () => worker as never);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("an answer comes back to its question", async () => {
  const first = client.check(cell);
  const second = client.inspect("x", 0, 1);
  worker.say({ type: "answer", id: 2, answer: { text: "x: number" } });
  worker.say({ type: "answer", id: 1, answer: [wrong] });
  expect(await first).toEqual([wrong]);
  expect(await second).toEqual({ text: "x: number" });
});

test("a checker that fails or takes too long lets the cell run, and the next ones do not wait for it", async () => {
  const failed = client.check(cell);
  worker.say({ type: "answer", id: 1, failure: "It broke." });
  expect(await failed).toEqual([]);
  const late = client.check(cell);
  await vi.advanceTimersByTimeAsync(2000);
  expect(await late).toEqual([]);
  const asked = worker.received.length;
  expect(await client.check(cell)).toEqual([]);
  expect(worker.received).toHaveLength(asked);
  worker.say({ type: "answer", id: 2, answer: [wrong] });
  const next = client.check(cell);
  worker.say({ type: "answer", id: 3, answer: [wrong] });
  expect(await next).toEqual([wrong]);
});

test("a compiler that never comes back is ended", async () => {
  const kill = vi.spyOn(process, "kill").mockReturnValue(true);
  worker.say({ type: "process", pid: 4242 });
  const late = client.check(cell);
  await vi.advanceTimersByTimeAsync(23_000);
  expect(await late).toEqual([]);
  expect(kill.mock.calls).toEqual([[4242, "SIGKILL"]]);
});

test("without its worker nothing is known, and nothing waits", async () => {
  const waiting = client.check(cell);
  worker.emit("error", new Error("It died."));
  expect(await waiting).toEqual([]);
  expect(await client.complete("x", 1)).toBeUndefined();
  await client.dispose();
});
