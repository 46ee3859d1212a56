import { expect, test } from "vitest";
import type { Option } from "./command.ts";
import { parseArguments, unknownName } from "./parse-arguments.ts";

const options: Record<string, Option> = {
  parameter: { type: "string", short: "p", multiple: true, value: "NAME=VALUE", help: "" },
  output: { type: "string", short: "o", value: "FILE", help: "" },
  quiet: { type: "boolean", short: "q", help: "" },
};
const parse = (...args: string[]) => parseArguments(args, options, "sluice run");

test("options and positionals are read in any order", () => {
  const args = parse("-p", "a=1", "daily.ipynb", "--parameter=b=-2", "-q", "--output", "-");
  expect(args.positionals).toEqual(["daily.ipynb"]);
  expect(args.texts("parameter")).toEqual(["a=1", "b=-2"]);
  expect(args.text("output")).toBe("-");
  expect(args.flag("quiet")).toBe(true);
});

test("what is not given is absent", () => {
  const args = parse();
  expect([args.positionals, args.texts("parameter"), args.text("output"), args.flag("quiet")]).toEqual([
    [],
    [],
    undefined,
    false,
  ]);
});

test("after -- everything is positional", () => {
  expect(parse("--", "--output", "-q").positionals).toEqual(["--output", "-q"]);
});

test.each([
  [["--ouput", "x"], "There is no option --ouput. Did you mean --output? See `sluice run --help`."],
  [["--nothing-like-it"], "There is no option --nothing-like-it. See `sluice run --help`."],
  [["-x"], "There is no option -x."],
  [["-o"], "The option -o needs a value (FILE)."],
  [["--quiet=yes"], "The option --quiet takes no value."],
  [["-o", "a", "-o", "b"], "The option -o is given twice."],
])("%j is wrong usage", (args, sentence) => {
  expect(() => parse(...args)).toThrow(expect.objectContaining({ code: "USAGE" }));
  expect(() => parse(...args)).toThrow(sentence);
});

test("an unknown name tells the nearest one, or all", () => {
  expect(unknownName("command", "rnu", ["run", "kernel"], "sluice").message).toContain("Did you mean `run`?");
  expect(unknownName("command", "xyz", ["run", "kernel"], "sluice").message).toContain("There are run, kernel.");
});
