import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Request } from "zeromq";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newMessage } from "../../src/kernel/protocol/builders.ts";
import { TestKernel } from "../../src/kernel/testkit/test-kernel.ts";
import { connectClient } from "../../src/kernel/wire/client-sockets.ts";
import { endpoint } from "../../src/kernel/wire/connection.ts";
import { encode } from "../../src/kernel/wire/framing.ts";
import { createSigner } from "../../src/kernel/wire/signer.ts";

let kernel: TestKernel;
let data: string;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), "sluice-data-"));
  kernel = await TestKernel.start({ env: { SLUICE_DATA_DIR: data } });
});

afterAll(async () => {
  await kernel.close();
  rmSync(data, { recursive: true, force: true });
});

test("the messages of a cell come in the protocol's order under its header", async () => {
  const run = await kernel.execute('console.log("out"); 5');
  expect(run.messages.map(({ header, content }) => content["execution_state"] ?? header.msg_type)).toEqual([
    "busy",
    "execute_input",
    "stream",
    "execute_result",
    "idle",
  ]);
});

test("kernel_info tells the language on shell and control", async () => {
  for (const channel of ["shell", "control"] as const) {
    const { header, content } = await kernel.request(channel, "kernel_info_request");
    expect(header.msg_type).toBe("kernel_info_reply");
    expect(content).toMatchObject({ status: "ok", protocol_version: "5.4", implementation: "sluice", debugger: false });
    expect(content["language_info"]).toMatchObject({
      name: "typescript",
      mimetype: "application/typescript",
      file_extension: ".ts",
      codemirror_mode: "typescript",
      pygments_lexer: "typescript",
    });
  }
});

test("a message with a wrong signature is not obeyed", async () => {
  const signer = createSigner({ key: "another key", signature_scheme: "hmac-sha256" });
  const forged = newMessage("execute_request", { code: "globalThis.forged = true", silent: false }, randomUUID());
  await kernel.sendRaw(encode(forged, signer) as Buffer[]);
  await kernel.sendRaw([Buffer.from("no"), Buffer.from("delimiter")]);
  await kernel.sendRaw(["<IDS|MSG>", "short"]);
  await sleep(100);
  expect((await kernel.execute("typeof forged")).result).toBe("'undefined'");
  expect(kernel.received.some(({ parentHeader }) => parentHeader.msg_id === forged.header.msg_id)).toBe(false);
});

test("an unknown request gets an error, an unknown message nothing, and the kernel lives on", async () => {
  const reply = await kernel.request("shell", "never_heard_of_request");
  expect(reply.header.msg_type).toBe("never_heard_of_reply");
  expect(reply.content).toMatchObject({ status: "error", ename: "UnknownMessage" });
  kernel.send("shell", "something_else", {});
  expect((await kernel.execute("1 + 1")).result).toBe("2");
});

test("debug requests are refused in words", async () => {
  const { content } = await kernel.request("control", "debug_request", { seq: 3, command: "attach", type: "request" });
  expect(content).toMatchObject({ success: false, request_seq: 3, command: "attach", status: "error" });
  expect(content["message"]).toContain("no debugger");
});

test("the heartbeat answers while a cell computes", async () => {
  const id = kernel.startCell("const stop = Date.now() + 1000; while (Date.now() < stop);");
  await sleep(150);
  const heart = new Request({ receiveTimeout: 500, linger: 0 });
  heart.connect(endpoint(kernel.connection, "hb"));
  await heart.send("beat");
  expect(String((await heart.receive())[0])).toBe("beat");
  heart.close();
  await kernel.finished(id);
});

test("a second client is welcomed and sees the outputs", async () => {
  const seen: string[] = [];
  const client = connectClient(
    kernel.connection,
    (channel, { header }) => void seen.push(`${channel}/${header.msg_type}`),
  );
  for (let tries = 0; tries < 50 && !seen.includes("iopub/iopub_welcome"); tries++) await sleep(20);
  await kernel.execute("1");
  await sleep(50);
  client.close();
  expect(seen).toContain("iopub/iopub_welcome");
  expect(seen).toContain("iopub/execute_result");
});

test("is_complete knows whole, unfinished and wrong code", async () => {
  const ask = async (code: string) => (await kernel.request("shell", "is_complete_request", { code })).content;
  expect(await ask("const a = 1;")).toMatchObject({ status: "complete" });
  expect(await ask("function f() {")).toMatchObject({ status: "incomplete", indent: "  " });
  expect(await ask("if (a) {\n  b(")).toMatchObject({ status: "incomplete", indent: "    " });
  expect(await ask("const a = `x")).toMatchObject({ status: "incomplete" });
  expect(await ask("const a = 'x")).toMatchObject({ status: "invalid" });
  expect(await ask(")")).toMatchObject({ status: "invalid" });
});

test("completion reads the values in scope and runs no getter", async () => {
  await kernel.execute(
    "let getterRuns = 0;\nconst account = { name: 'a', nested: { number: 1, nothing: 2 }, get name2() { getterRuns++; return {}; } };",
  );
  const ask = async (code: string) =>
    (await kernel.request("shell", "complete_request", { code, cursor_pos: code.length })).content;
  expect(await ask("account.na")).toMatchObject({ matches: ["name", "name2"], cursor_start: 8, cursor_end: 10 });
  expect(await ask("f(account.nested.n")).toMatchObject({ matches: ["nothing", "number"] });
  expect((await ask("accou"))["matches"]).toContain("account");
  expect((await ask("account.name2."))["matches"]).toEqual([]);
  expect((await ask("account.toString()."))["matches"]).toEqual([]);
  // A cursor counts code points: the emoji before it is one, not two.
  expect(await ask("'😀' + account.nam")).toMatchObject({
    matches: ["name", "name2"],
    cursor_start: 14,
    cursor_end: 17,
  });
  expect((await kernel.execute("getterRuns")).result).toBe("0");
});

test("inspection describes the value under the cursor", async () => {
  await kernel.execute("const visible = { rows: [1, 2] };\nfunction twice(x: number) { return x * 2; }");
  const ask = async (code: string, cursor_pos: number) =>
    (await kernel.request("shell", "inspect_request", { code, cursor_pos, detail_level: 0 })).content;
  const found = await ask("visible.rows", 10);
  expect(found["found"]).toBe(true);
  expect((found["data"] as Record<string, string>)["text/plain"]).toContain("visible.rows: Array\n\n[ 1, 2 ]");
  expect((await ask("twice(1)", 2))["data"]).toMatchObject({
    "text/plain": expect.stringContaining("function twice(x)") as string,
  });
  expect(await ask("unheardOf", 3)).toMatchObject({ found: false });
});

test("history gives the tail, a range and what matches, also of earlier sessions", async () => {
  for (const code of ["111", "222", "111"]) await kernel.execute(code);
  const ask = async (content: object) =>
    (await kernel.request("shell", "history_request", { output: false, raw: true, ...content })).content["history"] as [
      number,
      number,
      unknown,
    ][];
  const tail = await ask({ hist_access_type: "tail", n: 3 });
  expect(tail.map(([, , code]) => code)).toEqual(["111", "222", "111"]);
  const [session, line] = tail[1] ?? [0, 0];
  const range = { hist_access_type: "range", session, start: line, stop: line + 1 };
  expect(await ask(range)).toEqual([[session, line, "222"]]);
  expect(await ask({ ...range, session: 0, output: true })).toEqual([[session, line, ["222", "222"]]]);
  const search = { hist_access_type: "search", pattern: "1?1" };
  expect(await ask(search)).toHaveLength(2);
  expect(await ask({ ...search, unique: true })).toHaveLength(1);
  const next = await TestKernel.start({ env: { SLUICE_DATA_DIR: data } });
  try {
    await next.execute("333");
    const { content } = await next.request("shell", "history_request", {
      hist_access_type: "tail",
      n: 2,
      output: false,
    });
    const entries = content["history"] as [number, number, string][];
    expect(entries.map(([, , code]) => code)).toEqual(["111", "333"]);
    expect(entries[1]?.[0]).toBe(session + 1);
  } finally {
    await next.close();
  }
});

test("comms work both ways with binary buffers", async () => {
  await kernel.execute(
    [
      'comms.register("echo", (comm, opened) => {',
      "  comm.send({ opened: opened.data });",
      "  comm.onMessage(({ data, buffers }) => { console.log('got', data); comm.send({ back: data }, { buffers: buffers.map((b) => b.slice().reverse()) }); });",
      "  comm.onClose(() => console.log('closed'));",
      "});",
    ].join("\n"),
  );
  const comm_id = randomUUID();
  const opened = kernel.send("shell", "comm_open", { comm_id, target_name: "echo", data: { a: 1 } });
  const first = await kernel.until(
    ({ header, parentHeader }) => header.msg_type === "comm_msg" && parentHeader.msg_id === opened,
  );
  expect(first.content).toEqual({ comm_id, data: { opened: { a: 1 } } });
  const { content } = await kernel.request("shell", "comm_info_request", { target_name: "echo" });
  expect(content["comms"]).toEqual({ [comm_id]: { target_name: "echo" } });

  const sent = kernel.send("shell", "comm_msg", { comm_id, data: { b: 2 } }, { buffers: [new Uint8Array([1, 2, 3])] });
  const back = await kernel.until(
    ({ header, parentHeader }) => header.msg_type === "comm_msg" && parentHeader.msg_id === sent,
  );
  expect(back.content["data"]).toEqual({ back: { b: 2 } });
  expect(back.buffers.map((buffer) => [...buffer])).toEqual([[3, 2, 1]]);
  expect(kernel.summary(sent).stdout).toContain("got");

  const closed = kernel.send("shell", "comm_close", { comm_id, data: {} });
  await kernel.until(
    ({ content: c, parentHeader }) => parentHeader.msg_id === closed && c["execution_state"] === "idle",
  );
  expect(kernel.summary(closed).stdout).toBe("closed\n");
  const run = await kernel.execute(
    'const mine = comms.open("front", { hello: 1 }, { buffers: [new Uint8Array([7])] });',
  );
  const open = run.messages.find(({ header }) => header.msg_type === "comm_open");
  expect(open?.content).toMatchObject({ target_name: "front", data: { hello: 1 } });
  expect([...(open?.buffers[0] ?? [])]).toEqual([7]);
});

test("a comm of an unknown target is closed again", async () => {
  const comm_id = randomUUID();
  const id = kernel.send("shell", "comm_open", { comm_id, target_name: "unknown", data: {} });
  const close = await kernel.until(
    ({ header, parentHeader }) => header.msg_type === "comm_close" && parentHeader.msg_id === id,
  );
  expect(close.content["comm_id"]).toBe(comm_id);
});
