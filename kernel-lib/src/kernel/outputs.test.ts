import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { Outputs } from "./outputs.ts";
import { newHeader } from "./protocol/builders.ts";

function recorder(): { outputs: Outputs; sent: [string, unknown, string | undefined][] } {
  const sent: [string, unknown, string | undefined][] = [];
  const outputs = new Outputs((type, content, parent) => sent.push([type, content["text"], parent.msg_id]));
  return { outputs, sent };
}

test("text is gathered and sent before anything else", () => {
  const { outputs, sent } = recorder();
  const header = newHeader("execute_request", "s");
  outputs.remember(header);
  outputs.stream(header.msg_id, "stdout", "a");
  outputs.stream(header.msg_id, "stdout", "b");
  outputs.stream(header.msg_id, "stderr", "c");
  outputs.publish("display_data", {}, header.msg_id);
  expect(sent).toEqual([
    ["stream", "ab", header.msg_id],
    ["stream", "c", header.msg_id],
    ["display_data", undefined, header.msg_id],
  ]);
});

test("gathered text goes out by itself after a moment, and at once when it is much", async () => {
  const { outputs, sent } = recorder();
  outputs.stream("unknown", "stdout", "x");
  expect(sent).toEqual([]);
  await sleep(60);
  expect(sent).toEqual([["stream", "x", undefined]]);
  outputs.stream("unknown", "stdout", "y".repeat(300_000));
  expect(sent).toHaveLength(2);
});
