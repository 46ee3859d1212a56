// What only a real server can show: uploaded classes, progress, metrics, and all that it tells of an error.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PlanMetrics, Progress } from "../../src/sql/index.ts";
import { Session, SparkError } from "../../src/sql/index.ts";
import type { LocalSpark } from "../../src/stack/index.ts";
import { startSpark } from "../../src/stack/index.ts";

describe.each(["4.0.1", "3.5.5", "3.5.3"] as const)("Spark %s", (version) => {
  const isOld = version !== "4.0.1";
  let server: LocalSpark;
  let spark: Session;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "features-"));
    server = await startSpark({ version });
    spark = await Session.builder.remote(server.url).create();
  });
  afterAll(async () => {
    await spark?.stop();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("a class of an uploaded jar is called, in this session alone", async () => {
    const source = 'public class Greeter { public static String greet(String who) { return "Hello " + who; } }';
    writeFileSync(join(folder, "Greeter.java"), source);
    execFileSync("javac", ["--release", "8", "-Xlint:-options", "Greeter.java"], { cwd: folder });
    execFileSync("jar", ["cf", "greeter.jar", "Greeter.class"], { cwd: folder });
    const greet = (session: Session) =>
      session.range(1).selectExpr("java_method('Greeter', 'greet', 'Ada') g").toArray("g");
    await spark.addArtifacts(join(folder, "greeter.jar"));
    expect(await greet(spark)).toEqual(["Hello Ada"]);
    await using other = await Session.builder.remote(server.url).create();
    await expect(greet(other)).rejects.toBeInstanceOf(SparkError);
  });

  test("progress is told while a query runs, by servers that tell it", async () => {
    const told: Progress[] = [];
    const end = spark.onProgress((progress) => told.push(progress));
    await spark.range(0, 3e8, 1, 8).selectExpr("sum(hash(id)) s").collect();
    end();
    if (isOld) {
      expect(told).toEqual([]);
      return;
    }
    expect(told.length).toBeGreaterThan(0);
    for (const { completedTasks, totalTasks } of told) expect(completedTasks).toBeLessThanOrEqual(totalTasks);
    expect(Math.max(...told.map(({ totalTasks }) => totalTasks))).toBeGreaterThanOrEqual(8);
  });

  test("the metrics of the plan come with its result", async () => {
    const told: PlanMetrics[] = [];
    await spark
      .range(1000)
      .filter("id % 2 = 0")
      .collect({ onMetrics: (metrics) => told.push(...metrics) });
    const rows = told.map(({ values }) => values["numOutputRows"]?.value);
    expect(rows).toContain(500n);
  });

  test("an error tells where in the text it arose, and the server's stack on request", async () => {
    const error = (await (await spark.sql("SELECT cast('x' || id AS INT) FROM range(3)")).collect().then(
      () => undefined,
      (thrown: unknown) => thrown,
    )) as SparkError | undefined;
    if (isOld) {
      // Without ANSI the answer is null; what a fault of this version tells is in the contract suite.
      expect(error).toBeUndefined();
      return;
    }
    expect(error?.code).toBe("CAST_INVALID_INPUT");
    expect(error?.queryContext[0]?.fragment).toContain("cast('x' || id AS INT)");
    expect(error?.serverStackTrace()).toContain("org.apache.spark");
    expect(error?.message).not.toContain("\tat ");
  });
});
