import { readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fixtures, sluice, startSluice, Workshop } from "./runner-fixtures.ts";

let shop: Workshop;
beforeEach(async () => void (shop = await Workshop.open()));
afterEach(() => shop.close());

test("--version prints the version and --help what there is", async () => {
  expect(await sluice("--version")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
  });
  const help = await sluice("--help");
  expect(help.code).toBe(0);
  for (const command of ["run", "kernel", "stack"]) expect(help.stdout).toMatch(new RegExp(`^  ${command} `, "m"));
  const ofRun = await sluice("run", "--help");
  expect(ofRun.stdout).toMatch(/^Usage: sluice run NOTEBOOK/);
  expect(ofRun.stdout).toContain("130  interrupted");
});

test.each([
  [[], "Say which command: run"],
  [["rnu"], "There is no command `rnu`. Did you mean `run`?"],
  [["run"], "Say which notebook to run."],
  [["run", "a.ipynb", "--tiemout", "5"], "There is no option --tiemout. Did you mean --timeout?"],
  [["run", "a.ipynb", "--timeout", "soon"], '--timeout takes a number of seconds above 0, not "soon".'],
  [["run", "a.ipynb", "--remote", "spark:15002"], "--remote: The connection string does not begin with sc://"],
  [["run", "a.ipynb", "--remote", "sc://host/;tokn=s3cret"], "has the parameter tokn. Did you mean token?"],
  [["run", "no-such.ipynb"], "The notebook no-such.ipynb does not exist."],
  [["run", fixtures + "parameters.ipynb", "-p", "acounts=5"], 'Did you mean "accounts"?'],
  [["run", fixtures + "parameters.ipynb", "-p", "accounts=many"], "takes a value of the type number"],
  [["stack", "up", "kafak"], "There is no service `kafak`. Did you mean `kafka`?"],
  [
    ["stack", "up", "spark", "--spark-version", "2.4.0"],
    "There is no version 2.4.0 of the local service spark. Name one of",
  ],
  [["stack", "up", "spark", "--conf", "spark.x"], "A setting is KEY=VALUE, and `spark.x` is not."],
  [["kernel", "instal"], "There is no command `instal`. Did you mean `install`?"],
])("sluice %j is wrong usage: one line on standard error and exit code 2", async (args, sentence) => {
  const { code, stdout, stderr } = await sluice(...args);
  expect(stderr).toContain(sentence);
  expect(stderr).toMatch(/^sluice: .*\n$/);
  expect([code, stdout]).toEqual([2, ""]);
});

test.each([
  ["{", "is not a notebook, since it is not JSON"],
  ['{"nbformat": 3}', "is in notebook format 3"],
  ['{"nbformat": 4, "cells": [], "metadata": {}}', "names no kernel"],
  ['{"nbformat": 4, "cells": [], "metadata": {"kernelspec": {"name": "python3", "language": "python"}}}', "python"],
])("the notebook %s is refused with exit code 2, and nothing is written", async (text, sentence) => {
  await writeFile(shop.path("a.ipynb"), text);
  const { code, stderr } = await sluice("run", shop.path("a.ipynb"), "-o", shop.path("out/b.ipynb"));
  expect(stderr).toContain(sentence);
  expect(code).toBe(2);
  await expect(shop.executed("out/b.ipynb")).rejects.toThrow("ENOENT");
});

test("a notebook without code is not green", async () => {
  const path = await shop.notebook("a.ipynb", ["", "  \n"]);
  const { code, stderr } = await sluice("run", path);
  expect(stderr).toMatch(/^sluice: There is nothing to run: .* has no cell with code\.\n$/);
  expect(code).toBe(3);
});

test("the kernel is installed for Jupyter, listed and removed", async () => {
  const place = ["--prefix", shop.path("env")];
  const folder = shop.path("env/share/jupyter/kernels/sluice");
  expect(await sluice("kernel", "list", ...place)).toMatchObject({ code: 0, stdout: "The kernel is not installed.\n" });
  expect(await sluice("kernel", "install", ...place)).toMatchObject({
    code: 0,
    stdout: `Installed the kernel TypeScript (Sluice) in ${folder}.\n`,
  });
  const spec = JSON.parse(await readFile(`${folder}/kernel.json`, "utf8")) as Record<string, unknown>;
  expect(spec).toMatchObject({ language: "typescript", interrupt_mode: "message" });
  expect(await sluice("kernel", "list", ...place)).toMatchObject({ code: 0, stdout: `  sluice  ${folder}\n` });
  expect((await sluice("kernel", "uninstall", ...place)).code).toBe(0);
  expect(await sluice("kernel", "uninstall", ...place)).toMatchObject({ code: 2, stdout: "" });
  expect((await sluice("kernel", "install", "--user", ...place)).stderr).toContain("Name one place");
});

test("the stack says what does not run, and ends with 1 when that was asked for", async () => {
  const env = { SLUICE_CACHE: shop.path("cache") };
  expect(await startSluice(["stack", "status"], env).ended).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^ {2}kafka +stopped$/m) as string,
  });
  expect((await startSluice(["stack", "status", "kafka"], env).ended).code).toBe(1);
  expect((await startSluice(["stack", "down"], env).ended).stdout).toBe("Nothing was running.\n");
});
