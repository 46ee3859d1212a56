// Certificates, and a proxy that decrypts before a server that does not.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http2";
import { connect as connectHttp2, createSecureServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream";

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority of its own and certificates that it signs. */
export interface Authority extends AsyncDisposable {
  /** PEM text, and the file that holds it. */
  readonly ca: string;
  readonly file: string;
  sign(names: string, days?: number): Certificate;
}

export async function makeAuthority(): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-tls-"));
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): void => void execFileSync("openssl", args, { stdio: "pipe" });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl(
    "req",
    "-x509",
    ...newKey,
    "-keyout",
    at("ca.key"),
    "-out",
    at("ca.pem"),
    "-days",
    "2",
    "-subj",
    "/CN=test authority",
  );
  return {
    ca: readFileSync(at("ca.pem"), "utf8"),
    file: at("ca.pem"),
    sign(names, days = 2) {
      openssl("req", ...newKey, "-keyout", at("key"), "-out", at("request"), "-subj", "/CN=test server");
      writeFileSync(at("names"), `subjectAltName=${names}`);
      const signer = ["-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial", "-extfile", at("names")];
      openssl("x509", "-req", "-in", at("request"), "-out", at("cert"), ...signer, "-days", String(days));
      return { cert: readFileSync(at("cert"), "utf8"), key: readFileSync(at("key"), "utf8") };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface TlsProxy extends AsyncDisposable {
  readonly port: number;
  /** The headers of the requests that came. */
  readonly seen: IncomingHttpHeaders[];
}

/** A proxy as companies have it before Spark: it decrypts, and passes on each request with its headers. */
export async function startTlsProxy(certificate: Certificate, target: number): Promise<TlsProxy> {
  const behind = connectHttp2(`http://127.0.0.1:${target}`).on("error", () => undefined);
  const seen: IncomingHttpHeaders[] = [];
  const server = createSecureServer(certificate);
  server.on("tlsClientError", () => undefined);
  server.on("stream", (stream, headers) => {
    seen.push(headers);
    const request = behind.request({ ...headers, ":authority": `127.0.0.1:${target}`, ":scheme": "http" });
    request.on("response", (answer) => {
      const isWhole =
        (request as { readableEnded?: boolean }).readableEnded === true || answer["grpc-status"] !== undefined;
      stream.respond(answer, isWhole ? { endStream: true } : { waitForTrailers: true });
      if (isWhole) return;
      let trailers: IncomingHttpHeaders = {};
      request.on("trailers", (given: IncomingHttpHeaders) => (trailers = given));
      stream.on("wantTrailers", () => stream.sendTrailers(trailers));
      pipeline(request, stream, () => undefined);
    });
    pipeline(stream, request, () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    async [Symbol.asyncDispose]() {
      behind.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        setTimeout(resolve, 100);
      });
    },
  };
}
