import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { loadConfig } from "./config.ts";

const PROFILES = JSON.parse(readFileSync(new URL("profiles.json", import.meta.url), "utf8")) as Record<
  string,
  Record<string, Record<string, unknown>>
>;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "config-"));
  for (const name of ["KAFKA_SERVERS", "KAFKA_USERNAME", "KAFKA_PASSWORD", "SLUICE_SECRETS_FILE"]) vi.stubEnv(name, "");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function changed(change: (profiles: typeof PROFILES) => void): string {
  const profiles = structuredClone(PROFILES);
  change(profiles);
  const file = join(folder, "profiles.json");
  writeFileSync(file, JSON.stringify(profiles));
  return file;
}

test("LOCAL needs no secret, and the run's own parameters win", async () => {
  expect(await loadConfig("LOCAL", { publish: true })).toEqual({
    profile: "LOCAL",
    timeZone: "UTC",
    output: "az://processed/contract-events",
    topic: "contract-events",
    kafka: { "bootstrap.servers": "127.0.0.1:9092" },
  });
  expect(await loadConfig("LOCAL", { publish: true, output: "there", topic: "t", servers: "broker:1" })).toMatchObject({
    output: "there",
    topic: "t",
    kafka: { "bootstrap.servers": "broker:1" },
  });
});

test("QA and PROD take their secrets from outside, and none when they do not publish", async () => {
  const missing = {
    code: "SECRET_MISSING",
    message: expect.stringMatching(/KAFKA_SERVERS.*environment variable/) as string,
  };
  await expect(loadConfig("QA", { publish: true })).rejects.toMatchObject(missing);
  expect((await loadConfig("QA", { publish: false })).kafka).toBeUndefined();
  const file = join(folder, "secrets.env");
  writeFileSync(file, "KAFKA_SERVERS=kafka.example.com:9093\nKAFKA_USERNAME=loader\nKAFKA_PASSWORD=from-the-file\n");
  vi.stubEnv("SLUICE_SECRETS_FILE", file);
  expect((await loadConfig("PROD", { publish: true })).kafka).toEqual({
    "bootstrap.servers": "kafka.example.com:9093",
    "security.protocol": "SASL_SSL",
    "sasl.mechanism": "SCRAM-SHA-512",
    "sasl.username": "loader",
    "sasl.password": "from-the-file",
  });
});

test.each<[string, (profiles: typeof PROFILES) => void, RegExp]>([
  [
    "an unknown key",
    (profiles) => void (profiles["QA"]!["ouput"] = {}),
    /key QA\.ouput is unknown in profiles\.json\. Did you mean output\?/,
  ],
  [
    "an unknown Kafka key in another profile",
    (profiles) => void (profiles["PROD"]!["kafka"]!["severs"] = "a"),
    /PROD\.kafka\.severs .* Did you mean servers\?/,
  ],
  [
    "a missing key",
    (profiles) => delete profiles["LOCAL"]!["kafka"]!["topic"],
    /key LOCAL\.kafka\.topic is missing in profiles\.json/,
  ],
  [
    "a password in the file",
    (profiles) => void (profiles["QA"]!["kafka"]!["password"] = "hunter22"),
    /QA\.kafka\.password in profiles\.json must not hold the value itself/,
  ],
  [
    "a wrong protocol",
    (profiles) => void (profiles["QA"]!["kafka"]!["securityProtocol"] = "SASL_SLL"),
    /Did you mean SASL_SSL\?/,
  ],
  [
    "a wrong time zone",
    (profiles) => void (profiles["LOCAL"]!["timeZone"] = "Mars/Base" as never),
    /LOCAL\.timeZone in profiles\.json is no time zone: Mars\/Base/,
  ],
  [
    "a profile that is no object",
    (profiles) => void (profiles["LOCAL"] = [] as never),
    /key LOCAL in profiles\.json must be a JSON object/,
  ],
])("%s is an error that names it", async (_, change, message) => {
  const loading = loadConfig("LOCAL", { publish: false }, changed(change));
  await expect(loading).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringMatching(message) as string,
  });
  await expect(loading).rejects.not.toThrow("hunter22");
});

test("an unknown profile and a broken file are named", async () => {
  await expect(loadConfig("PORD", { publish: false })).rejects.toThrow(
    "The profile PORD is unknown in profiles.json. Did you mean PROD?",
  );
  const file = join(folder, "broken.json");
  writeFileSync(file, "{");
  await expect(loadConfig("LOCAL", { publish: false }, file)).rejects.toThrow("broken.json is not valid JSON");
});
