import { expect, test } from "vitest";
import { standaloneSettings } from "./spark-cluster.ts";
import { serverArguments } from "./spark-server.ts";
import type { SparkProgram } from "./spark-server.ts";
import { yarnSettings } from "./yarn.ts";

const program: SparkProgram = {
  version: "4.0.1",
  java: "java",
  release: "17",
  classPath: ["/jars/spark/*", "/jars/more/*"],
};
const options = { folder: "/data", port: 15002, detached: false };

test("a server listens on the loopback, keeps all in its folder, and takes settings of its own", () => {
  const args = serverArguments(program, { ...options, conf: { "spark.master": "local[1]", "spark.x": "a b=c" } });
  expect(args).toEqual(
    expect.arrayContaining([
      "--add-opens=java.base/java.nio=ALL-UNNAMED",
      "-Dspark.master=local[1]",
      "-Dspark.x=a b=c",
      "-Dspark.ui.enabled=false",
      "-Dspark.connect.grpc.binding.address=127.0.0.1",
      "-Dspark.connect.grpc.binding.port=15002",
      "-Dspark.sql.warehouse.dir=/data/warehouse",
      "-Dspark.local.dir=/data/scratch",
    ]),
  );
  expect(args).not.toContain("-Dspark.master=local[2]");
  expect(args.slice(-3)).toEqual([
    "-cp",
    "/jars/spark/*:/jars/more/*",
    "org.apache.spark.sql.connect.service.SparkConnectServer",
  ]);
});

test("a quick start compiles less, and an archive is used where there is one", () => {
  const few = "-XX:TieredStopAtLevel=1";
  expect(serverArguments(program, options).filter((one) => one === few || one.includes(".jsa"))).toEqual([]);
  expect(serverArguments({ ...program, archive: "/a.jsa" }, { ...options, quick: true })).toEqual(
    expect.arrayContaining([few, "-XX:SharedArchiveFile=/a.jsa"]),
  );
});

test("executors of a cluster get what the driver has", () => {
  const opens = "--add-opens=java.base/java.lang=ALL-UNNAMED --add-opens=java.base/java.lang.invoke=ALL-UNNAMED";
  expect(standaloneSettings("spark://127.0.0.1:7077", "/data")).toMatchObject({
    "spark.master": "spark://127.0.0.1:7077",
    "spark.home": "/data",
    "spark.executor.extraJavaOptions": expect.stringContaining(opens) as string,
  });
  expect(yarnSettings(program, "/data/hosts")).toMatchObject({
    "spark.yarn.jars": "local:/jars/spark/*,local:/jars/more/*",
    "spark.executor.extraJavaOptions": expect.stringMatching(
      /^-Djdk\.net\.hosts\.file=\/data\/hosts --add-opens=/,
    ) as string,
    "spark.executorEnv.SPARK_LOCAL_IP": "127.0.0.1",
    "spark.yarn.appMasterEnv.SPARK_LOCAL_HOSTNAME": "localhost",
  });
});
