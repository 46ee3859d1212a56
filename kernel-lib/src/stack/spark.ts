import { choosePort } from "./ports.ts";
import { askSparkVersion } from "./connect-probe.ts";
import { endProcess } from "./process.ts";
import type { Service } from "./service.ts";
import { launchSpark, logOf, sparkProgram } from "./spark-server.ts";
import { versions } from "./versions.ts";

/** The usual port of Spark Connect. */
export const CONNECT_PORT = 15002;

/** Apache Spark on this machine alone, behind its Spark Connect server. */
export const spark: Service = {
  name: "spark",
  version: versions.spark[0],
  async start({ folder, port: asked, detached, onProgress, signal }) {
    const tell = (text: string): void => onProgress?.({ service: "spark", text });
    const program = await sparkProgram(versions.spark[0], { tell, signal });
    const port = await choosePort(asked, CONNECT_PORT);
    tell(`Starting Spark ${program.version}.`);
    const { pid, born } = await launchSpark(program, { folder, port, detached, signal });
    return {
      name: "spark",
      version: program.version,
      port,
      address: `sc://127.0.0.1:${port}`,
      pid,
      born,
      log: logOf(folder),
    };
  },
  ready: async (running) => (await askSparkVersion(running.port)) !== undefined,
  stop: (running) => endProcess(running),
};
