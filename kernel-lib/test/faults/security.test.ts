// Certificates, tokens and headers: what is right arrives, and what is wrong is one clear sentence without a secret in it.
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Session } from "../../src/sql/index.ts";
import type { RemoteOptions } from "../../src/sql/session-engine.ts";
import type { LocalSpark } from "../../src/stack/index.ts";
import { startSpark } from "../../src/stack/index.ts";
import { thrownBy } from "./support/sessions.ts";
import type { Authority, TlsProxy } from "./support/tls.ts";
import { makeAuthority, startTlsProxy } from "./support/tls.ts";

const token = "s3cret-t0ken-of-the-test";
let spark: LocalSpark;
let authority: Authority;
let proxy: TlsProxy;
const roots = process.env["GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"];

beforeAll(async () => {
  spark = await startSpark({ version: "4.0.1", conf: { "spark.connect.authenticate.token": token } });
  authority = await makeAuthority();
  proxy = await startTlsProxy(authority.sign("DNS:localhost,IP:127.0.0.1"), spark.port);
});
afterAll(async () => {
  await proxy?.[Symbol.asyncDispose]();
  await authority?.[Symbol.asyncDispose]();
  await spark?.stop();
});
afterEach(() => {
  if (roots === undefined) delete process.env["GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"];
  else process.env["GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"] = roots;
});

const connect = (rest: string, options: RemoteOptions = {}): Promise<Session> =>
  Session.builder.remote(`sc://${rest}`, options).create();

/** Fails if the error, with everything in it, names a token. */
async function fault(promise: Promise<unknown>): Promise<string> {
  const from = Date.now();
  const error = await thrownBy(promise);
  expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/s3cret|wr0ng/);
  expect(Date.now() - from).toBeLessThan(8000);
  console.log(`${Date.now() - from} ms: ${error.code}: ${error.message}`);
  return `${error.code}: ${error.message}`;
}

test("a token, headers and a private authority by option", async () => {
  proxy.seen.length = 0;
  const parameters = `token=${token};x-databricks-cluster-id=0123-abc;user_agent=nightly`;
  await using session = await connect(`localhost:${proxy.port}/;${parameters}`, { tls: { ca: authority.ca } });
  expect(await session.range(100_000).count()).toBe(100_000);
  expect((await session.range(100_000).toArray("id")).length).toBe(100_000);
  expect(proxy.seen.length).toBeGreaterThan(2);
  for (const headers of proxy.seen) {
    expect(headers.authorization).toBe(`Bearer ${token}`);
    expect(headers["x-databricks-cluster-id"]).toBe("0123-abc");
    expect(headers["user-agent"]).toContain("nightly");
  }
});

test("a private authority by environment, and a server named by its IP", async () => {
  process.env["GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"] = authority.file;
  await using session = await connect(`127.0.0.1:${proxy.port}/;token=${token}`);
  expect(await session.range(3).count()).toBe(3);
});

test("a token in plain text goes to this machine when that is said", async () => {
  await using session = await connect(`127.0.0.1:${spark.port}/;token=${token};use_ssl=false`);
  expect(await session.range(3).count()).toBe(3);
});

test("a wrong token and none", async () => {
  const wanted = `AUTHENTICATION_FAILED: The server 127.0.0.1:${spark.port} wants a valid token. Give it by token= in the connection string.`;
  expect(await fault(connect(`127.0.0.1:${spark.port}/;token=wr0ng;use_ssl=false`))).toBe(wanted);
  expect(await fault(connect(`127.0.0.1:${spark.port}`))).toBe(wanted);
  const wrong = connect(`localhost:${proxy.port}/;token=wr0ng`, { tls: { ca: authority.ca } });
  expect(await fault(wrong)).toContain("wants a valid token");
});

test("an authority that is not known", async () => {
  expect(await fault(connect(`localhost:${proxy.port}/;token=${token}`))).toBe(
    `AUTHENTICATION_FAILED: The server localhost:${proxy.port} has a certificate that is not trusted here. Give the authority's certificate as the option \`tls.ca\`, or name its file in GRPC_DEFAULT_SSL_ROOTS_FILE_PATH.`,
  );
});

test("a certificate that has expired", async () => {
  await using expired = await startTlsProxy(authority.sign("DNS:localhost", -1), spark.port);
  const refused = connect(`localhost:${expired.port}/;token=${token}`, { tls: { ca: authority.ca } });
  expect(await fault(refused)).toContain("has a certificate that has expired");
});

test("a certificate for another name", async () => {
  await using other = await startTlsProxy(authority.sign("DNS:spark.example"), spark.port);
  const refused = connect(`localhost:${other.port}/;token=${token}`, { tls: { ca: authority.ca } });
  expect(await fault(refused)).toContain("has a certificate for another name");
});

test("authorities that cannot be read", async () => {
  process.env["GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"] = "/no/such/file.pem";
  expect(await fault(connect(`localhost:${proxy.port}/;token=${token}`))).toContain(
    "CONFIG_INVALID: The file of trusted",
  );
  const text = connect(`localhost:${proxy.port}/;token=${token}`, { tls: { ca: "this is no certificate" } });
  expect(await fault(text)).toContain("certificate");
});

test("TLS asked of a server that speaks plain text", async () => {
  expect(await fault(connect(`127.0.0.1:${spark.port}/;use_ssl=true`))).toContain("does not speak TLS");
});

test("plain text spoken to a server that wants TLS", async () => {
  expect(await fault(connect(`localhost:${proxy.port}`))).toContain("use_ssl=true");
});
