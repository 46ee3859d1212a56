import { withClassArchive } from "./spark-archive.ts";
import { launchSpark, logOf, sparkProgram } from "./spark-server.ts";
import { sparkService } from "./spark-service.ts";
import type { SparkKind } from "./spark-service.ts";
import { versions } from "./versions.ts";
import type { SparkVersion } from "./versions.ts";

/** Apache Spark on this machine alone, behind its Spark Connect server. */
export const localSpark: SparkKind = {
  name: "spark",
  versions: versions.spark,
  async prepare({ folder, detached, version, conf, quick, tell, signal }) {
    const program = await withClassArchive(await sparkProgram(version as SparkVersion, { tell, signal }), {
      tell,
      signal,
    });
    const launch = (port: number) => {
      tell(`Starting Spark ${version}.`);
      return launchSpark(program, { folder, port, detached, conf, quick, signal });
    };
    return { launch, log: logOf(folder) };
  },
};

export const spark = sparkService(localSpark);
