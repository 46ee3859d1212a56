// What a server is busy with, as its own web interface tells it.
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../../src/stack/ports.ts";
import type { LocalSpark } from "../../../src/stack/index.ts";
import { startSpark } from "../../../src/stack/index.ts";

export interface WatchedSpark extends AsyncDisposable {
  readonly spark: LocalSpark;
  /** How many tasks run now. */
  activeTasks(): Promise<number>;
  /** Waits until as many tasks run as are wanted; gives the milliseconds it took. */
  until(wanted: "busy" | "free", withinMs?: number): Promise<number>;
}

export async function startWatchedSpark(
  version: "4.0.1" | "3.5.5",
  conf: Record<string, string> = {},
): Promise<WatchedSpark> {
  const port = await freePort();
  const spark = await startSpark({
    version,
    conf: { "spark.ui.enabled": "true", "spark.ui.port": String(port), ...conf },
  });
  const base = `http://127.0.0.1:${port}/api/v1/applications`;
  const ask = async <T>(path: string): Promise<T> => (await (await fetch(base + path)).json()) as T;
  const [application] = await ask<{ id: string }[]>("");
  const activeTasks = async (): Promise<number> => {
    const executors = await ask<{ activeTasks: number }[]>(`/${application?.id}/executors`);
    return executors.reduce((sum, executor) => sum + executor.activeTasks, 0);
  };
  return {
    spark,
    activeTasks,
    async until(wanted, withinMs = 20_000) {
      const from = Date.now();
      while ((await activeTasks()) > 0 !== (wanted === "busy")) {
        if (Date.now() - from > withinMs) throw new Error(`The server is not ${wanted} after ${withinMs} ms.`);
        await sleep(20);
      }
      return Date.now() - from;
    },
    [Symbol.asyncDispose]: () => spark.stop(),
  };
}
