// The engine that the contract suite runs on, and what is declared of it.
//
// Without more the suite runs on the embedded engine. `npm run test:spark` runs the same tests on real servers:
// SLUICE_CONTRACT names the engine, SPARK_REMOTE its address, so that `Session.builder` goes there by itself.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createEngine } from "../../src/engines/duckdb/index.ts";
import type { Engine } from "../../src/engines/engine.ts";
import { connectSpark } from "../../src/engines/spark-connect/index.ts";

/** What a test deviates by. */
export interface Deviation {
  /** `notimpl` the engine cannot do it; `notyet` it will; `never` another answer is right for this engine. */
  readonly kind: "notimpl" | "notyet" | "never";
  readonly reason: string;
  /** The code of the error that the engine then gives. */
  readonly error?: string;
}

/** The engine's name: `duckdb`, `spark-3.5.5`, `spark-4.0.1` or `sail`. */
export const engineName = process.env["SLUICE_CONTRACT"] ?? "duckdb";

/** Whether the engine is a server. */
export const isRemote = engineName !== "duckdb";

/** The version of Spark whose recorded answers hold for the engine. */
export const goldVersion = engineName === "spark-3.5.5" ? "3.5.5" : "4.0.1";

const all = JSON.parse(readFileSync(new URL("deviations.json", import.meta.url), "utf8")) as Readonly<
  Record<string, Readonly<Record<string, Deviation>>>
>;

/** What the engine under test deviates in, by the suite and the title of the test. */
export const deviations: Readonly<Record<string, Deviation>> = all[engineName] ?? {};

/** The engine itself, for tests that speak its protocol. */
export function openEngine(): Promise<Engine> {
  return isRemote ? connectSpark(process.env["SPARK_REMOTE"] ?? "") : createEngine();
}

/** Recorded answers of real Spark. */
export function readGold<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`gold/${name}.json`, import.meta.url), "utf8")) as T;
}

/**
 * The `test` of one suite: a test that is declared to deviate must fail, and with the error that is declared. So a declaration
 * that does not hold any more shows itself.
 */
export function contractTest(suite: string, { concurrent = false } = {}) {
  // A server has more than one core, and the network takes its time.
  const start = concurrent && isRemote ? test.concurrent : test;
  return (title: string, run: () => Promise<void>, timeout?: number): void => {
    const deviation = deviations[`${suite}: ${title}`];
    if (deviation === undefined) {
      start(title, run, timeout);
      return;
    }
    const { kind, reason, error } = deviation;
    start(
      `${title} (${kind}: ${reason})`,
      async () => {
        const thrown: unknown = await run().then(
          () => undefined,
          (one: unknown) => one ?? "nothing",
        );
        expect(thrown, "It does not deviate any more: take it off the list").toBeDefined();
        if (error !== undefined) expect((thrown as { code?: unknown }).code).toBe(error);
      },
      timeout,
    );
  };
}
