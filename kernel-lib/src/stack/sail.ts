import { join } from "node:path";
import { askSparkVersion } from "./connect-probe.ts";
import { choosePort } from "./ports.ts";
import { endProcess, launch, waitUntilReady } from "./process.ts";
import type { Service } from "./service.ts";
import { sailProgram } from "./spark-jars.ts";
import { CONNECT_PORT } from "./spark.ts";
import { versions } from "./versions.ts";

/** Sail: another server that speaks Spark Connect, without Java. */
export const sail: Service = {
  name: "sail",
  version: versions.sail,
  async start({ folder, port: asked, detached, onProgress, signal }) {
    const tell = (text: string): void => onProgress?.({ service: "sail", text });
    const program = await sailProgram({ tell, signal });
    const port = await choosePort(asked, CONNECT_PORT);
    tell(`Starting Sail ${versions.sail}.`);
    const log = join(folder, "sail.log");
    const args = ["spark", "server", "--ip", "127.0.0.1", "--port", String(port)];
    const launched = await launch(program, args, { log, cwd: "/", detached });
    const probe = async (): Promise<boolean> => (await askSparkVersion(port)) !== undefined;
    await waitUntilReady({ name: "Sail", launched, log, probe, seconds: 60, signal });
    const { pid, born } = launched;
    return { name: "sail", version: versions.sail, port, address: `sc://127.0.0.1:${port}`, pid, born, log };
  },
  ready: async (running) => (await askSparkVersion(running.port)) !== undefined,
  stop: (running) => endProcess(running),
};
