// Options of readers and writers: names in any case, text that means true, a character or one of a list.
import { SluiceError } from "../../../errors.ts";
import { unsupported } from "../../../sql/errors.ts";

/** Options by name, whatever the case they were written in. Names that a source does not ask for are ignored, as in Spark. */
export class SourceOptions {
  private readonly format: string;
  private readonly values: ReadonlyMap<string, string>;

  constructor(format: string, options: Readonly<Record<string, string>>) {
    this.format = format;
    this.values = new Map(Object.entries(options).map(([name, value]) => [name.toLowerCase(), value]));
  }

  /** The first of the names that is given. */
  text(...names: readonly string[]): string | undefined {
    const given = names.find((name) => this.values.has(name.toLowerCase()));
    return given === undefined ? undefined : this.values.get(given.toLowerCase());
  }

  flag(name: string, otherwise: boolean): boolean {
    const text = this.text(name)?.toLowerCase();
    if (text === undefined) return otherwise;
    if (text === "true" || text === "false") return text === "true";
    throw new SluiceError(
      "CONFIG_INVALID",
      `The option ${name} of ${this.format} is ${text}, but it can only be true or false.`,
    );
  }

  oneOf<T extends string>(name: string, choices: readonly T[], otherwise: T): T {
    const text = this.text(name);
    if (text === undefined) return otherwise;
    const choice = choices.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
    if (choice !== undefined) return choice;
    throw new SluiceError(
      "CONFIG_INVALID",
      `The option ${name} of ${this.format} is ${text}, but it can only be ${choices.join(", ")}.`,
    );
  }

  /** Refuses options that Spark has and that change results, before anything runs. */
  refuse(names: Readonly<Record<string, string>>): void {
    for (const [name, alternative] of Object.entries(names)) {
      if (this.text(name) !== undefined) throw unsupported(`The option ${name} of ${this.format}`, alternative);
    }
  }
}
