import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EchoInterpreter } from "./interpreter/echo.ts";
import { Kernel } from "./kernel.ts";
import { TestKernel } from "./testkit/test-kernel.ts";
import { newConnection } from "./wire/connection.ts";

// The protocol's side alone: an interpreter that echoes, over real sockets, in this process.

let kernel: Kernel;
let client: TestKernel;
const seen: string[] = [];
const logged: string[] = [];

beforeAll(async () => {
  const connection = await newConnection();
  kernel = new Kernel({
    connection,
    interpreter: new EchoInterpreter(),
    onReceived: (request) => void seen.push(`received ${request.header.msg_id}`),
    onAnswered: (id) => void seen.push(`answered ${id}`),
    log: (line) => void logged.push(line),
  });
  await kernel.start();
  client = new TestKernel(connection);
  await client.ready();
});

afterAll(async () => {
  client.send("control", "shutdown_request", { restart: false });
  await kernel.stopped;
  await client.close();
  await kernel.close();
});

test("a cell's result, streams and displays come between busy and idle", async () => {
  expect((await client.execute("hello")).result).toBe("hello");
  const run = await client.execute("print some text");
  expect(run.messages.map(({ header, content }) => content["execution_state"] ?? header.msg_type)).toEqual([
    "busy",
    "execute_input",
    "stream",
    "execute_result",
    "idle",
  ]);
  expect(run.stdout).toBe("some text");
  expect((await client.execute("show it")).displays).toEqual([{ "text/plain": "it" }]);
});

test("cells are counted, empty ones are not", async () => {
  const first = await client.execute("a");
  const empty = await client.execute("  \n");
  expect(empty.status).toBe("ok");
  expect(empty.result).toBeUndefined();
  const second = await client.execute("b");
  expect(second.reply["execution_count"]).toBe(Number(first.reply["execution_count"]) + 1);
});

test("an error aborts what was sent with it, and nothing that comes later", async () => {
  const ids = ["wait", "x", "y"].map((code) => client.startCell(code));
  await sleep(50);
  await client.request("control", "interrupt_request");
  const runs = await Promise.all(ids.map((id) => client.finished(id)));
  expect(runs.map(({ status }) => status)).toEqual(["error", "aborted", "aborted"]);
  expect((await client.execute("fail on purpose")).error).toBe("Failure: on purpose");
  expect((await client.execute("z")).status).toBe("ok");
});

test("answering in the meantime leaves the kernel busy", async () => {
  const id = client.startCell("wait");
  await sleep(50);
  const before = client.received.length;
  await client.request("shell", "comm_info_request");
  await sleep(50);
  const states = client.received.slice(before).map(({ content }) => content["execution_state"]);
  expect(states.filter((state) => state !== undefined)).toEqual(["busy", "idle", "busy"]);
  await client.request("control", "interrupt_request");
  await client.finished(id);
});

test("an input goes to the client that runs the cell", async () => {
  client.onInput = (prompt) => `answer to ${prompt}`;
  expect((await client.execute("ask why?")).result).toBe("answer to why?");
  client.onInput = undefined;
});

test("who started the kernel hears which cells are received and answered", async () => {
  seen.length = 0;
  const id = client.startCell("a");
  await client.finished(id);
  expect(seen).toEqual([`received ${id}`, `answered ${id}`]);
});

test("user expressions, completion, inspection and comms reach the interpreter", async () => {
  const run = await client.execute("a", { userExpressions: { b: "c" } });
  expect(run.reply["user_expressions"]).toEqual({ b: { status: "ok", data: { "text/plain": "c" }, metadata: {} } });
  const complete = await client.request("shell", "complete_request", { code: "😀x", cursor_pos: 2 });
  expect(complete.content).toMatchObject({ matches: ["😀x"], cursor_start: 0, cursor_end: 2 });
  const inspect = await client.request("shell", "inspect_request", { code: "a", cursor_pos: 1 });
  expect(inspect.content).toMatchObject({ found: true, data: { "text/plain": "a" } });
  client.send("shell", "comm_open", { comm_id: "one", target_name: "t", data: {} });
  const sent = client.send("shell", "comm_msg", { comm_id: "one", data: 5 }, { buffers: [new Uint8Array([9])] });
  const back = await client.until(
    ({ header, parentHeader }) => header.msg_type === "comm_msg" && parentHeader.msg_id === sent,
  );
  expect(back.content).toEqual({ comm_id: "one", data: 5 });
  expect([...(back.buffers[0] ?? [])]).toEqual([9]);
});

test("frames that are no message are refused and named in the log", async () => {
  await client.sendRaw(["nothing"]);
  await client.execute("a");
  expect(logged).toContain("A message on shell was refused (NO_DELIMITER).");
});
