// A proxy between client and server that breaks connections where a test says.
import type { AddressInfo, Socket } from "node:net";
import { connect, createServer } from "node:net";

/** How a connection ends: an orderly close, a reset, or silence (all is swallowed, nothing is closed). */
export type Ending = "fin" | "rst" | "silence";

/** Where a connection breaks: after so many bytes towards the client (`down`) or the server (`up`). */
export interface Cut {
  readonly direction: "down" | "up";
  readonly after: number;
  readonly ending: Ending;
}

export interface FaultyProxy extends AsyncDisposable {
  /** `127.0.0.1:port` */
  readonly address: string;
  /** How many connections were broken so far. */
  readonly cuts: number;
  /** How many were opened so far. */
  readonly connections: number;
  /** Bytes passed on so far. */
  readonly bytes: { down: number; up: number };
  /** Asked at each new connection; undefined lets it live. */
  nextCut: () => Cut | undefined;
  /** Breaks every connection that is open. */
  cut(ending: Ending): void;
  /** Holds back what the server sends, until it is called with false. */
  hold(holding: boolean): void;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  isSilent: boolean;
}

/** Starts a proxy, on a free port, before a server of this machine. */
export async function startProxy(port: number, nextCut: () => Cut | undefined = () => undefined): Promise<FaultyProxy> {
  const pairs = new Set<Pair>();
  let connections = 0;
  let cuts = 0;
  const bytes = { down: 0, up: 0 };
  const end = (pair: Pair, ending: Ending): void => {
    if (pair.isSilent) return;
    cuts += 1;
    pair.isSilent = true;
    if (ending === "silence") {
      // What was held back must be read away, or the server would see that nobody takes it.
      pair.client.resume();
      pair.server.resume();
    } else if (ending === "fin") {
      pair.client.end();
      pair.server.end();
    } else {
      pair.client.resetAndDestroy();
      pair.server.resetAndDestroy();
    }
  };
  const listener = createServer((client) => {
    connections += 1;
    const server = connect({ host: "127.0.0.1", port });
    const pair: Pair = { client, server, isSilent: false };
    pairs.add(pair);
    const cut = proxy.nextCut();
    const pass = (direction: "down" | "up", from: Socket, to: Socket): void => {
      let passed = 0;
      from.setNoDelay(true);
      from.on("data", (data: Buffer) => {
        if (pair.isSilent) return;
        const here = cut?.direction === direction ? cut : undefined;
        const part = here && passed + data.length > here.after ? data.subarray(0, here.after - passed) : data;
        passed += part.length;
        bytes[direction] += part.length;
        const flows = to.write(part);
        if (here && part !== data) end(pair, here.ending);
        else if (!flows) {
          from.pause();
          to.once("drain", () => from.resume());
        }
      });
      from.on("end", () => !pair.isSilent && to.end());
      from.on("error", () => to.destroy());
      from.on("close", () => {
        pairs.delete(pair);
        to.destroy();
      });
    };
    pass("down", server, client);
    pass("up", client, server);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const proxy: FaultyProxy = {
    address: `127.0.0.1:${(listener.address() as AddressInfo).port}`,
    get cuts() {
      return cuts;
    },
    get connections() {
      return connections;
    },
    bytes,
    nextCut,
    cut: (ending) => pairs.forEach((pair) => end(pair, ending)),
    hold: (holding) => pairs.forEach(({ server }) => (holding ? server.pause() : server.resume())),
    async [Symbol.asyncDispose]() {
      for (const { client, server } of pairs) [client, server].forEach((socket) => socket.destroy());
      await new Promise((resolve) => listener.close(resolve));
    },
  };
  return proxy;
}
