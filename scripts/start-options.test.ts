import { expect, test } from "vitest";
import { nearest } from "sluice/errors";
// @ts-expect-error -- plain JavaScript, because it runs before anything is built
import * as options from "./start-options.mjs";

const { readOptions } = options as { readOptions: (args: string[], known: object) => Record<string, unknown> };
const read = (...args: string[]) => readOptions(args, { nearest, profiles: ["LOCAL", "QA", "PROD"], cwd: "/here" });

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

test.each([
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
