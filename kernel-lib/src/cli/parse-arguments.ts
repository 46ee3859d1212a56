import { parseArgs } from "node:util";
import { nearest, SluiceError } from "../errors.ts";
import type { Arguments, Option } from "./command.ts";

/**
 * Reads a command's arguments.
 *
 * @param args - What follows the command's name.
 * @param options - The options that the command has.
 * @param command - The command as the user typed it, for errors.
 * @throws SluiceError `USAGE` for an unknown option (naming the nearest known one), a missing value, or a value given
 *   to an option that takes none.
 */
export function parseArguments(
  args: readonly string[],
  options: Readonly<Record<string, Option>>,
  command: string,
): Arguments {
  const config = Object.fromEntries(
    Object.entries(options).map(([name, { type, short }]) => [
      name,
      short === undefined ? { type, multiple: true } : { type, short, multiple: true },
    ]),
  );
  const { tokens } = parseArgs({
    args: [...args],
    options: config,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const positionals: string[] = [];
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const option = options[token.name];
    if (!option) throw unknownOption(token.rawName, Object.keys(options), command);
    if (option.type === "string" && token.value === undefined) {
      throw usage(`The option ${token.rawName} needs a value (${option.value ?? "TEXT"}).`, command);
    }
    if (option.type === "boolean" && token.value !== undefined) {
      throw usage(`The option ${token.rawName} takes no value.`, command);
    }
    const earlier = given.get(token.name) ?? [];
    if (option.type === "string" && earlier.length > 0 && !option.multiple) {
      throw usage(`The option ${token.rawName} is given twice.`, command);
    }
    given.set(token.name, [...earlier, token.value ?? ""]);
  }
  return {
    positionals,
    text: (name) => given.get(name)?.at(-1),
    texts: (name) => given.get(name) ?? [],
    flag: (name) => given.has(name),
  };
}

/** An error of usage that says where the help is. */
export function usage(sentence: string, command: string): SluiceError {
  return new SluiceError("USAGE", sentence, { next: `See \`${command} --help\`.` });
}

/** The error for a name that is not in a list: it names the nearest one, or else them all. */
export function unknownName(kind: string, name: string, known: readonly string[], command: string): SluiceError {
  const near = nearest(name, known);
  const hint = near === undefined ? `There are ${known.join(", ")}.` : `Did you mean \`${near}\`?`;
  return usage(`There is no ${kind} \`${name}\`. ${hint}`, command);
}

function unknownOption(written: string, known: string[], command: string): SluiceError {
  if (!written.startsWith("--")) return usage(`There is no option ${written}.`, command);
  const near = nearest(written.slice(2), known);
  return usage(`There is no option ${written}.${near === undefined ? "" : ` Did you mean --${near}?`}`, command);
}
