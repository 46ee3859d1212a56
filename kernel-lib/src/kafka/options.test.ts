import { expect, test } from "vitest";
import { connect } from "./connect.ts";
import { fromSparkOptions, settingsOf } from "./options.ts";
import type { KafkaOptions } from "./options.ts";

test("servers are read with and without ports", () => {
  const { servers } = settingsOf({ "bootstrap.servers": "one:9093, two ,[::1]:19092,SASL_SSL://three:9094" });
  expect(servers).toEqual([
    { host: "one", port: 9093 },
    { host: "two", port: 9092 },
    { host: "::1", port: 19092 },
    { host: "three", port: 9094 },
  ]);
});

test.each([
  [{}, "CONFIG_INVALID", /bootstrap\.servers is missing/],
  [{ "bootstrap.servers": "a:b:c" }, "CONFIG_INVALID", /"a:b:c" in bootstrap\.servers/],
  [{ "bootstrap.servers": "a:99999" }, "CONFIG_INVALID", /host:port/],
  [
    { "bootstrap.servers": "a", "security.protocol": "TLS" },
    "UNSUPPORTED",
    /security\.protocol can't be "TLS".*SASL_SSL/,
  ],
  [
    { "bootstrap.servers": "a", "security.protocol": "SASL_SSL", "sasl.username": "u" },
    "SECRET_MISSING",
    /sasl\.password is missing/,
  ],
  [{ "bootstrap.servers": "a", "compression.type": "zstd" }, "UNSUPPORTED", /"zstd".*none, gzip/],
  [{ "bootstrap.servers": "a", "batch.size": 1.5 }, "CONFIG_INVALID", /batch\.size/],
])("%o is refused with %s", (options, code, message) => {
  expect(() => settingsOf(options as KafkaOptions)).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) as string }),
  );
});

test("Spark's options are Kafka's with a prefix", () => {
  const options = fromSparkOptions({
    topic: "t",
    "kafka.bootstrap.servers": "a:1",
    "kafka.compression.type": "gzip",
    "kafka.batch.size": "1000",
    "kafka.linger.ms": "5",
  });
  expect(options).toEqual({ "bootstrap.servers": "a:1", "compression.type": "gzip", "batch.size": 1000 });
});

test("a user and a password are read out of a JAAS configuration", () => {
  const jaas = 'org.apache.kafka.common.security.plain.PlainLoginModule required username="key" password="s=ecret;";';
  const options = fromSparkOptions({
    "kafka.bootstrap.servers": "a",
    "kafka.security.protocol": "SASL_SSL",
    "kafka.sasl.jaas.config": jaas,
  });
  expect(settingsOf(options).sasl).toEqual({ mechanism: "PLAIN", username: "key", password: "s=ecret;" });
});

test.each([
  [
    { "kafka.bootstrap.server": "a" },
    "CONFIG_INVALID",
    /kafka\.bootstrap\.server\. Did you mean kafka\.bootstrap\.servers\?/,
  ],
  [{ "kafka.acks": "1" }, "UNSUPPORTED", /acks can't be "1"/],
  [{ "kafka.ssl.truststore.location": "trust.jks" }, "UNSUPPORTED", /PEM/],
  [
    { "kafka.sasl.jaas.config": "com.sun.security.auth.module.Krb5LoginModule required;" },
    "UNSUPPORTED",
    /sasl\.username/,
  ],
])("Spark's %o is refused with %s", (options, code, message) => {
  expect(() => fromSparkOptions(options)).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) as string }),
  );
});

test("a misspelt name of Kafka's own options is an error, and one that only tunes Java's client is not", () => {
  const misspelt = { "bootstrap.servers": "a:1", "security.protocl": "SASL_SSL" } as KafkaOptions;
  expect(() => settingsOf(misspelt)).toThrow(
    "There is no Kafka option security.protocl. Did you mean security.protocol?",
  );
  const noServers = { "bootstrap.server": "a:1" } as unknown as KafkaOptions;
  expect(() => settingsOf(noServers)).toThrow("Did you mean bootstrap.servers?");
  const tuned = { "bootstrap.servers": "a:1", "linger.ms": 5, topic: "events" } as KafkaOptions;
  expect(settingsOf(tuned).serversText).toBe("a:1");
});

test.each<[unknown, string]>([
  [undefined, 'not nothing. Write { "bootstrap.servers": "127.0.0.1:9092" }.'],
  [null, 'not null. Write { "bootstrap.servers": "127.0.0.1:9092" }.'],
  ["broker:9093", 'not a string. Write { "bootstrap.servers": "broker:9093" }.'],
  [["broker:9093"], 'not an array. Write { "bootstrap.servers": "127.0.0.1:9092" }.'],
])("connect(%j) says what it takes", (options, message) => {
  expect(() => connect(options as KafkaOptions)).toThrow(`Kafka's options are an object, ${message}`);
});
