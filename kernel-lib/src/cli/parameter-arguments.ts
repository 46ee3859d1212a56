import { readFile } from "node:fs/promises";
import { messageOf, SluiceError } from "../errors.ts";
import type { ParameterValues } from "../notebook/parameters.ts";
import { usage } from "./parse-arguments.ts";

/**
 * Puts together the parameters of a run: those of a JSON file, and over them those of the command line.
 *
 * @param file - The path of a file that holds one JSON object.
 * @param texts - Arguments of the form `name=value`; all after the first `=` is the value.
 */
export async function readParameterArguments(
  file: string | undefined,
  texts: readonly string[],
): Promise<ParameterValues> {
  const values = new Map<string, unknown>(file === undefined ? [] : Object.entries(await readParameterFile(file)));
  const given = new Set<string>();
  for (const text of texts) {
    const at = text.indexOf("=");
    if (at < 1) throw usage(`-p takes NAME=VALUE, not "${text}".`, "sluice run");
    const name = text.slice(0, at).trim();
    if (given.has(name)) throw usage(`The parameter "${name}" is given twice.`, "sluice run");
    given.add(name);
    values.set(name, text.slice(at + 1));
  }
  return Object.fromEntries(values);
}

async function readParameterFile(file: string): Promise<object> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new SluiceError("INPUT_INVALID", `The parameters file ${file} cannot be read: ${messageOf(cause)}.`, {
      cause,
    });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new SluiceError("INPUT_INVALID", `The parameters file ${file} does not hold one JSON object.`);
}
