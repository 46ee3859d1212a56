import type { CommandGroup } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { commandHelp, groupHelp } from "./help.ts";
import { parseArguments, unknownName, usage } from "./parse-arguments.ts";

/**
 * Runs the command of a group that the arguments name, or prints the help that they ask for.
 *
 * @param typed - What the user typed so far, such as `sluice stack`.
 * @returns The exit code.
 */
export async function dispatch(typed: string, group: CommandGroup, args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  const names = Object.keys(group.commands);
  if (name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(groupHelp(typed, group));
    return exitCodes.passed;
  }
  if (name === undefined) throw usage(`Say which command: ${names.join(", ")}.`, typed);
  const entry = names.includes(name) ? group.commands[name] : undefined;
  if (!entry) throw unknownName(name.startsWith("-") ? "option" : "command", name, names, typed);
  const loaded = await entry.load();
  if ("commands" in loaded) return dispatch(`${typed} ${name}`, loaded, rest);
  if (asksForHelp(rest)) {
    process.stdout.write(commandHelp(loaded));
    return exitCodes.passed;
  }
  return loaded.run(parseArguments(rest, loaded.options, `${typed} ${name}`));
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const options = end < 0 ? args : args.slice(0, end);
  return options.includes("--help") || options.includes("-h");
}
