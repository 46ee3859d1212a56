/** An option of a command. */
export interface Option {
  type: "string" | "boolean";
  /** Its one-letter form. */
  short?: string;
  /** True when it may be given more than once. */
  multiple?: boolean;
  /** What stands for its value in the help, such as `FILE`. */
  value?: string;
  help: string;
}

/** What the command line gave, checked against the command's options. */
export interface Arguments {
  positionals: string[];
  /** The text of a string option, given last. */
  text(name: string): string | undefined;
  /** Every text of a string option. */
  texts(name: string): string[];
  /** Whether a boolean option is given. */
  flag(name: string): boolean;
}

/** A command of `sluice`, or one of a command's own commands. */
export interface Command {
  /** What follows `sluice` on the command line, such as `run NOTEBOOK [options]`. */
  usage: string;
  summary: string;
  /** More help: examples, exit codes. */
  details?: string;
  options: Readonly<Record<string, Option>>;
  /** Does the work. Returns the exit code. */
  run(args: Arguments): Promise<number>;
}

/** Commands under one name, such as `sluice stack up` and `sluice stack down`. */
export interface CommandGroup {
  summary: string;
  commands: Readonly<Record<string, CommandEntry>>;
}

/** A name in a group. What it stands for is loaded when it is asked for. */
export interface CommandEntry {
  summary: string;
  load(): Promise<Command | CommandGroup>;
}
