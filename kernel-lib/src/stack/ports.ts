import { createServer } from "node:net";
import { SluiceError } from "../errors.ts";

/** The preferred port on 127.0.0.1 when it is free, else another free one. */
export async function freePort(preferred = 0): Promise<number> {
  return (await tryPort(preferred)) ?? (await tryPort(0)) ?? noPort();
}

/** The port the user asked for, refused when another program has it; a free one when the user asked for none. */
export async function choosePort(asked: number | undefined, preferred: number): Promise<number> {
  if (asked === undefined) return freePort(preferred);
  const port = await tryPort(asked);
  if (port !== undefined) return port;
  throw new SluiceError("SERVICE_UNAVAILABLE", `Port ${asked} is taken by another program.`, {
    next: "Name another port, or none to get a free one.",
  });
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : undefined));
    });
  });
}

function noPort(): never {
  throw new SluiceError("SERVICE_UNAVAILABLE", "No free port is left on 127.0.0.1.");
}
