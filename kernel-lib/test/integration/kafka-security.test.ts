import { afterAll, beforeAll, expect, test } from "vitest";
import { connect, publish, readTopic } from "../../src/kafka/index.ts";
import type { KafkaOptions } from "../../src/kafka/index.ts";
import { startKafka } from "../../src/stack/index.ts";
import type { LocalKafka } from "../../src/stack/index.ts";
import { numbered } from "./kafka-read-back.ts";

let broker: LocalKafka;
let options: KafkaOptions;

beforeAll(async () => {
  broker = await startKafka({ mode: "sasl_ssl" });
  options = {
    "bootstrap.servers": broker.address,
    "security.protocol": "SASL_SSL",
    "sasl.mechanism": "PLAIN",
    "sasl.username": broker.user?.username,
    "sasl.password": broker.user?.password,
    "ssl.truststore.certificates": broker.certificate,
  };
  const kafka = connect(options);
  await kafka.createTopic("secret");
  await kafka.close();
});

afterAll(() => broker?.stop());

test("by TLS with user and password records are published and read", async () => {
  expect(await publish(numbered(1_000), { ...options, topic: "secret" })).toMatchObject({ acknowledged: 1_000 });
  let rows = 0;
  for await (const batch of readTopic({ ...options, topic: "secret" })) rows += batch.rows;
  expect(rows).toBe(1_000);
});

test("a wrong password is refused, and does not appear in the error", async () => {
  const error: unknown = await publish(numbered(1), {
    ...options,
    "sasl.password": "hunter2-wrong",
    topic: "secret",
  }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: "AUTHENTICATION_FAILED",
    message: expect.stringMatching(/refused the user client \(PLAIN\)/) as string,
  });
  expect(everythingIn(error)).not.toMatch(/hunter2|aHVudGVyM/);
});

test("a mechanism that the broker lacks is named", async () => {
  const lacking = connect({ ...options, "sasl.mechanism": "SCRAM-SHA-256" }).topics();
  await expect(lacking).rejects.toMatchObject({
    code: "AUTHENTICATION_FAILED",
    message: expect.stringMatching(/does not offer the mechanism SCRAM-SHA-256/) as string,
  });
});

test("a certificate that nobody vouches for is not trusted", async () => {
  const untrusted = connect({ ...options, "ssl.truststore.certificates": undefined }).topics();
  await expect(untrusted).rejects.toMatchObject({
    code: "SERVICE_UNAVAILABLE",
    message: expect.stringMatching(/certificate.*not trusted.*ssl\.truststore\.certificates/) as string,
  });
});

test("a plain-text client at a TLS port fails in time, with a hint", async () => {
  const started = Date.now();
  const plain = connect({ "bootstrap.servers": broker.address }).topics();
  await expect(plain).rejects.toMatchObject({
    code: "SERVICE_UNAVAILABLE",
    message: expect.stringContaining("security.protocol") as string,
  });
  expect(Date.now() - started).toBeLessThan(10_000);
});

test("a user without rights is told which topic, in writing, reading and making", async () => {
  const guest = { ...options, "sasl.username": broker.guest?.username, "sasl.password": broker.guest?.password };
  const expected = { code: "PERMISSION_DENIED", message: expect.stringMatching(/user guest/) as string };
  await expect(publish(numbered(1), { ...guest, topic: "secret" })).rejects.toMatchObject(expected);
  await expect(readTopic({ ...guest, topic: "secret" }).next()).rejects.toMatchObject(expected);
  await expect(connect(guest).createTopic("own")).rejects.toMatchObject(expected);
});

/** All text that hangs on an error, its causes included. */
function everythingIn(thrown: unknown, depth = 0): string {
  if (typeof thrown === "string") return thrown;
  if (thrown instanceof Uint8Array) return Buffer.from(thrown).toString("latin1");
  if (typeof thrown !== "object" || thrown === null || depth > 8) return "";
  return Reflect.ownKeys(thrown)
    .map((name) => everythingIn((thrown as Record<PropertyKey, unknown>)[name], depth + 1))
    .join("\n");
}
