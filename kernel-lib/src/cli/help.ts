import type { Command, CommandGroup } from "./command.ts";

/** The help text of one command. */
export function commandHelp(command: Command): string {
  const rows = Object.entries({
    ...command.options,
    help: { type: "boolean", short: "h", help: "show this help" },
  } as Command["options"]);
  const options = rows.map(([name, { short, value, help }]): [string, string] => {
    const start = short === undefined ? "    " : `-${short}, `;
    return [`${start}--${name}${value === undefined ? "" : ` ${value}`}`, help];
  });
  const parts = [`Usage: sluice ${command.usage}`, command.summary, `Options\n${table(options)}`, command.details];
  return parts.filter((part) => part !== undefined).join("\n\n") + "\n";
}

/** The help text of a group of commands, such as the whole of `sluice`. */
export function groupHelp(typed: string, { summary, commands }: CommandGroup): string {
  const rows = Object.entries(commands).map(([name, entry]): [string, string] => [name, entry.summary]);
  return [
    `Usage: ${typed} COMMAND`,
    summary,
    `Commands\n${table(rows)}`,
    `\`${typed} COMMAND --help\` tells more about one.\n`,
  ].join("\n\n");
}

/** Lays out rows of two columns, the first padded. */
export function table(rows: readonly [string, string][]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}
