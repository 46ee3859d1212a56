import { expect, test } from "vitest";
import { nearest } from "sluice/errors";
import { parseConnectionString } from "../kernel-lib/src/engines/spark-connect/connection-string.ts";
// @ts-expect-error -- plain JavaScript, because it runs before anything is built
import * as options from "./start-options.mjs";

const { readOptions } = options as { readOptions: (args: string[], known: object) => Record<string, unknown> };
const known = { nearest, profiles: ["LOCAL", "QA", "PROD"], cwd: "/here", checkRemote: parseConnectionString };
const read = (...args: string[]) => readOptions(args, known);

test("values are read in both spellings, and folders become absolute", () => {
  expect(
    read("--input", "data", "--load-date=2024-01-01", "--output", "az://c/x", "--no-publish", "--profile", "QA"),
  ).toEqual({
    input: "/here/data",
    "load-date": "2024-01-01",
    output: "az://c/x",
    "no-publish": true,
    profile: "QA",
  });
  expect(read("--seed", "-5")).toEqual({ seed: "-5", profile: "LOCAL" });
});

test("a server has places of its own, and SPARK_REMOTE names one too", () => {
  const remote = "sc://spark:15002";
  const places = { input: "table:bank", output: "hdfs://name:8020/events", stage: "s3a://bucket/tables" };
  const args = Object.entries(places).flatMap(([name, value]) => [`--${name}`, value]);
  expect(read(...args, "--remote", remote)).toEqual({ ...places, remote, profile: "LOCAL" });
  expect(readOptions(args, { ...known, remote })).toEqual({ ...places, remote, profile: "LOCAL" });
  expect(readOptions([], { ...known, remote: "local[2]" })).toEqual({ profile: "LOCAL" });
  expect(read("--input", "file:///tables")).toEqual({ input: "file:///tables", profile: "LOCAL" });
});

test.each([
  [["--remote", "spark:15002"], "does not begin with sc://"],
  [["--stage", "table:bank"], "--stage is for a server: name it with --remote"],
  [
    ["--remote", "sc://h", "--stage", "folder"],
    "--stage takes an address of the cluster or table:DATABASE, not folder",
  ],
  [["--remote", "sc://h", "--stage", "az://c/x"], "not az://c/x"],
  [["--remote", "sc://h", "--output", "table:bank"], "Events are files, not a table"],
  [["--input", "table:bank"], "a cluster's: name it with --remote"],
  [["--acounts", "5"], "There is no option --acounts. Did you mean --accounts?"],
  [["5000"], "npm start -- --accounts 5000"],
  [["--accounts", "0"], "--accounts takes a whole number from 1, not 0"],
  [["--accounts", "1e3"], "not 1e3"],
  [["--seed", "x"], "--seed takes a whole number, not x"],
  [["--load-date", "2024-02-30"], "not 2024-02-30"],
  [["--topic"], "--topic needs a value: NAME"],
  [["--topic", "--servers"], "--topic needs a value"],
  [["--topic", "a", "--topic", "b"], "given twice"],
  [["--no-publish=1"], "takes no value"],
  [["--profile", "prod"], "There is no profile prod. Did you mean PROD?"],
  [["--output", "s3://bucket/x"], "not s3://bucket/x"],
  [["--input", "data", "--accounts", "5"], "cannot be used with --input"],
  [["--input", "data", "--seed", "5"], "--seed is for dummy data and cannot be used with --input"],
])("%j is refused in one sentence", (args, message) => {
  expect(() => read(...args)).toThrow(message);
});
