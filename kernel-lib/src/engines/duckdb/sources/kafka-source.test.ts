import { afterAll, beforeAll, expect, test } from "vitest";

import { SourceFixture } from "./source-fixture.ts";

// Reads and writes against a broker are in the integration tests.
let fixture: SourceFixture;
beforeAll(async () => {
  fixture = await SourceFixture.open();
});
afterAll(() => fixture.close());

const servers = { "kafka.bootstrap.servers": "127.0.0.1:1" };

test("a topic has Spark's columns", async () => {
  const source = await fixture.resolve("kafka", [], { ...servers, subscribe: "events" });
  expect(source.schema.fields.map(({ name, dataType }) => `${name} ${dataType.kind}`)).toEqual([
    "key binary",
    "value binary",
    "topic string",
    "partition integer",
    "offset long",
    "timestamp timestamp",
    "timestampType integer",
  ]);
});

test("options that cannot be are refused before anything is read", async () => {
  const resolve = (options: Record<string, string>) => fixture.resolve("kafka", [], { ...servers, ...options });
  await expect(resolve({})).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  await expect(resolve({ subscribe: "a", startingOffsets: "latest" })).rejects.toMatchObject({
    code: "CONFIG_INVALID",
  });
  await expect(resolve({ subscribe: "a", endingOffsets: "{}" })).rejects.toMatchObject({ code: "UNSUPPORTED_FEATURE" });
  await expect(resolve({ subscribePattern: "a.*" })).rejects.toMatchObject({ code: "UNSUPPORTED_FEATURE" });
});
