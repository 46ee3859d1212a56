import { join } from "node:path";
import { SluiceError } from "../errors.ts";
import { askSparkVersion } from "./connect-probe.ts";
import { launch, waitUntilReady } from "./process.ts";
import { sailProgram } from "./sail-install.ts";
import { sparkService } from "./spark-service.ts";
import type { SparkKind } from "./spark-service.ts";
import { versions } from "./versions.ts";

/** Sail: another server that speaks Spark Connect, without Java. */
export const sailServer: SparkKind = {
  name: "sail",
  versions: [versions.sail],
  async prepare({ folder, detached, conf, tell, signal }) {
    if (Object.keys(conf).length > 0) {
      throw new SluiceError("UNSUPPORTED", "Sail takes no settings of Spark when it starts.", {
        next: "Set them in the session.",
      });
    }
    const program = await sailProgram({ tell, signal });
    const log = join(folder, "sail.log");
    return {
      log,
      async launch(port) {
        tell(`Starting Sail ${versions.sail}.`);
        const args = ["spark", "server", "--ip", "127.0.0.1", "--port", String(port)];
        const launched = await launch(program, args, { log, cwd: folder, detached });
        const probe = async (): Promise<boolean> => (await askSparkVersion(port)) !== undefined;
        await waitUntilReady({ name: "Sail", launched, log, probe, seconds: 60, signal });
        return launched;
      },
    };
  },
};

export const sail = sparkService(sailServer);
