import { stripVTControlCharacters } from "node:util";
import { MessageChannel } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import type { CellOutcome, InterpreterHost } from "../interpreter.ts";
import type { CellSource, Diagnostic, Language } from "../language/language.ts";
import type { TypeCheckMode } from "../../magics/typecheck.ts";
import type { FromSession, ToSession } from "./messages.ts";
import { SHARED } from "./messages.ts";
import { TypeScriptInterpreter } from "./typescript-interpreter.ts";

// The protocol thread's half alone: the session and the language are played by the test.

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

interface Played {
  interpreter: TypeScriptInterpreter;
  toSession: ToSession[];
  accepted: [CellSource, Readonly<Record<string, string>>, (boolean | undefined)?][];
  streamed: string[];
  declared: string[];
  posted: string[];
}

async function play(
  language: Partial<Language> | undefined,
  session: (message: ToSession) => FromSession | undefined,
  typecheck: TypeCheckMode = "error",
): Promise<Played> {
  const { port1, port2 } = new MessageChannel();
  closers.push(() => port1.close());
  const played: Omit<Played, "interpreter"> = { toSession: [], accepted: [], streamed: [], declared: [], posted: [] };
  const whole: Language = {
    check: async () => [],
    complete: async () => undefined,
    inspect: async () => undefined,
    accept: (cell, types, failed) => void played.accepted.push([cell, types, failed]),
    declare: (types) => void played.declared.push(types),
    dispose: async () => undefined,
    ...language,
  };
  const interpreter = new TypeScriptInterpreter({
    port: port1,
    shared: new Int32Array(new SharedArrayBuffer(4 * SHARED.LENGTH)),
    language: () => (language ? whole : undefined),
    typecheck,
    control: () => ({ post: (method) => void played.posted.push(method), disconnect: () => undefined }),
  });
  port2.on("message", (message: ToSession) => {
    played.toSession.push(message);
    if (message.type === "start") port2.postMessage({ type: "globals", types: "" } satisfies FromSession);
    const answer = session(message);
    if (answer) port2.postMessage(answer);
  });
  const host = {
    stream: (_parent: string, name: string, text: string) => void played.streamed.push(`${name}: ${text}`),
  };
  interpreter.start(host as unknown as InterpreterHost);
  await new Promise((resolve) => setTimeout(resolve, 20));
  return { interpreter, ...played };
}

const runs = (message: ToSession): FromSession | undefined =>
  message.type === "execute"
    ? {
        type: "done",
        id: message.id,
        outcome: { status: "ok", payloads: [] },
        types: { frame: "DataFrame<{ a: number }>" },
      }
    : undefined;

async function run(interpreter: TypeScriptInterpreter, code: string): Promise<CellOutcome> {
  const outcome = await interpreter.execute({ parent: "p", code, number: 4, silent: false });
  // The language hears of a cell after its reply.
  await new Promise((resolve) => setImmediate(resolve));
  return outcome;
}

const wrong: Diagnostic = { severity: "error", code: 2339, message: "There is no such column.", start: 7, end: 12 };

test("a cell with wrong types does not run and shows where", async () => {
  const { interpreter, toSession, accepted } = await play({ check: async () => [wrong] }, runs);
  const outcome = await run(interpreter, "1 + 1;\nframe");
  expect(outcome).toMatchObject({
    status: "error",
    ename: "TypeScriptError",
    evalue: "2:1 - TS2339: There is no such column.",
  });
  const traceback = outcome.status === "error" ? outcome.traceback.map((line) => stripVTControlCharacters(line)) : [];
  expect(traceback).toEqual(["2:1 - TS2339: There is no such column.", "  1 | 1 + 1;", "> 2 | frame", "    | ^"]);
  expect(toSession.map(({ type }) => type)).toEqual(["start"]);
  expect(accepted).toEqual([]);
});

test("with %typecheck warn the cell runs and the errors are printed; with off nothing is checked", async () => {
  let checks = 0;
  const check = async (): Promise<Diagnostic[]> => (checks++, [wrong]);
  const { interpreter, streamed } = await play({ check }, runs);
  expect((await run(interpreter, "%typecheck warn\nlet frame = 1;")).status).toBe("ok");
  expect(streamed.join()).toContain("stderr: 1:8 - TS2339");
  expect((await run(interpreter, "%typecheck off\nlet frame = 1;")).status).toBe("ok");
  expect((await run(interpreter, "let frame = 1;")).status).toBe("ok");
  expect(checks).toBe(1);
});

test("a cell that ran is accepted with its names and the types that values told", async () => {
  const { interpreter, accepted, declared } = await play({}, runs);
  await run(interpreter, "%typecheck error\nconst frame = 1;");
  expect(accepted).toEqual([
    [
      { number: 4, code: "                \nconst frame = 1;", bindings: [{ name: "frame", kind: "variable" }] },
      { frame: "DataFrame<{ a: number }>" },
      false,
    ],
  ]);
  expect(declared[0]).toContain("declare const display");
});

test("a language that fails stops nothing", async () => {
  const broken = async (): Promise<never> => Promise.reject(new Error("the worker died"));
  const { interpreter } = await play({ check: broken, complete: broken }, (message) =>
    message.type === "members"
      ? { type: "answer", id: message.id, value: [{ name: "fromValues", type: "property" }] }
      : runs(message),
  );
  expect((await run(interpreter, "1")).status).toBe("ok");
  expect(await interpreter.complete("fr", 2)).toMatchObject({ matches: [{ text: "fromValues" }], start: 0, end: 2 });
});

test("the language's answers come before those of the values", async () => {
  const { interpreter } = await play(
    {
      complete: async () => ({ matches: [{ text: "typed" }], start: 0, end: 1 }),
      inspect: async () => ({ text: "const t: number" }),
    },
    () => undefined,
  );
  expect((await interpreter.complete("t", 1)).matches).toEqual([{ text: "typed" }]);
  expect(await interpreter.inspect("t", 1, 0)).toEqual({ text: "const t: number" });
});

test("a check that takes too long can be interrupted", async () => {
  const { interpreter } = await play({ check: () => new Promise(() => undefined) }, runs);
  const outcome = run(interpreter, "1");
  await new Promise((resolve) => setTimeout(resolve, 50));
  interpreter.interrupt();
  expect(await outcome).toMatchObject({ status: "error", interrupted: true });
});

test("code that does not see the interrupt is ended", async () => {
  const { interpreter, posted, toSession } = await play(undefined, () => undefined);
  void run(interpreter, "while (true) {}");
  await new Promise((resolve) => setTimeout(resolve, 50));
  interpreter.interrupt();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(posted).toEqual(["Runtime.evaluate", "Runtime.terminateExecution"]);
  expect(toSession.map(({ type }) => type)).toEqual(["start", "execute", "interrupt", "terminated", "interrupt"]);
});

test("without a session's answer, completion gives up", async () => {
  const { interpreter } = await play(undefined, () => undefined);
  expect(await interpreter.complete("a.", 2)).toEqual({ matches: [], start: 2, end: 2 });
});

test("a language that is started later hears of the cells before", async () => {
  const { interpreter, accepted, declared } = await play({}, runs, "off");
  await run(interpreter, "const frame = 1;");
  expect(accepted).toEqual([]);
  await run(interpreter, "%typecheck error\n2");
  expect(accepted.map(([cell]) => cell.code)).toEqual(["const frame = 1;", "                \n2"]);
  expect(declared[0]).toContain("declare const display");
});

test("a cell that failed is accepted as such", async () => {
  const error = { ename: "Error", evalue: "x", traceback: [] };
  const { interpreter, accepted } = await play({}, (message) =>
    message.type === "execute"
      ? { type: "done", id: message.id, outcome: { status: "error", ...error }, types: {} }
      : undefined,
  );
  await run(interpreter, "const a = fail();");
  expect(accepted[0]?.[2]).toBe(true);
});
