import { connect } from "node:net";
import { connect as connectTls } from "node:tls";

// Kafka's ApiVersions request, version 0: size, API key 18, version, correlation id, no client id.
const request = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 7, 255, 255]);

/** True when a Kafka broker on 127.0.0.1 answers a request within a second. A certificate (PEM) makes it ask by TLS. */
export function brokerAnswers(port: number, certificate?: string): Promise<boolean> {
  return new Promise((resolve) => {
    const where = { host: "127.0.0.1", port };
    const socket = certificate === undefined ? connect(where) : connectTls({ ...where, ca: certificate });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => end(false));
    socket.once("error", () => end(false));
    socket.once("close", () => end(false));
    socket.once(certificate === undefined ? "connect" : "secureConnect", () => socket.write(request));
    // The answer begins with its size and our correlation id: that a broker of Kafka is there is all we ask.
    socket.once("data", (data: Buffer) => end(data.length >= 8 && data.readInt32BE(4) === 7));
  });
}
