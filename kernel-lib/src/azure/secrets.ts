import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { SluiceError } from "../errors.ts";
import { rememberSecret } from "./redact.ts";

/** Where {@link secrets} looks: tests give their own. */
export interface SecretSources {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The folder whose project must not hold the secrets file; the working directory by default. */
  readonly cwd?: string;
}

/**
 * Values that come from outside the project and never appear in an output or a log.
 *
 * @example
 * ```ts
 * process.env["DAILY_LOAD_KEY"] = "only an example";
 * console.log((await secrets.get("DAILY_LOAD_KEY")).length); // 15
 * ```
 */
export const secrets = {
  /**
   * Gives a secret's value from the environment, or from the file named in `SLUICE_SECRETS_FILE`
   * (lines of `NAME=value`, `#` starts a comment line).
   *
   * The value is remembered, so that {@link redact} hides it. Unlike `dbutils.secrets.get` there are no scopes,
   * and the answer is a promise.
   *
   * @param name - the secret's name, such as `AZURE_STORAGE_KEY`
   * @throws SluiceError `SECRET_MISSING` naming the secret and how to give it; `CONFIG_INVALID` when the file lies
   *   inside the project folder, where it could be committed.
   * @example
   * ```ts
   * const password = await secrets.get("KAFKA_PASSWORD");
   * ```
   */
  async get(name: string, sources: SecretSources = {}): Promise<string> {
    const value = findSecret(name, sources);
    if (value !== undefined) return value;
    throw new SluiceError("SECRET_MISSING", `The secret ${name} is not set.`, {
      next: `Set the environment variable ${name}, or write ${name}=value into a file outside the project and name that file in SLUICE_SECRETS_FILE.`,
    });
  },
};

/**
 * A secret's value, or undefined when no source has it.
 *
 * @example
 * ```ts
 * findSecret("NO_SUCH_SECRET"); // undefined
 * ```
 */
export function findSecret(name: string, sources: SecretSources = {}): string | undefined {
  const env = sources.env ?? process.env;
  // An empty variable counts as not set: CI systems export absent secrets so.
  const value = env[name] || readSecretsFile(env["SLUICE_SECRETS_FILE"], sources.cwd ?? process.cwd())?.get(name);
  if (value === undefined || value === "") return undefined;
  rememberSecret(value);
  return value;
}

function readSecretsFile(named: string | undefined, cwd: string): Map<string, string> | undefined {
  if (!named) return undefined;
  const file = resolve(cwd, named);
  if (!existsSync(file)) {
    throw new SluiceError("CONFIG_INVALID", `The secrets file ${named} does not exist.`, {
      next: "Correct SLUICE_SECRETS_FILE or unset it.",
    });
  }
  const project = projectFolder(cwd);
  if (project !== undefined && realpathSync(file).startsWith(realpathSync(project) + sep)) {
    throw new SluiceError(
      "CONFIG_INVALID",
      `The secrets file ${named} lies inside the project folder, where it could be committed.`,
      {
        next: "Move it outside the project and name its new place in SLUICE_SECRETS_FILE.",
      },
    );
  }
  const values = new Map<string, string>();
  for (const line of readFileSync(file, "utf8").split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*?)\s*$/.exec(line);
    if (match) values.set(match[1]!, match[2]!.replace(/^(["'])([^]*)\1$/, "$2"));
  }
  return values;
}

/** The outermost folder above `start` that looks like a project: one with a `.git` or, failing that, a `package.json`. */
function projectFolder(start: string): string | undefined {
  let found: string | undefined;
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
    if (existsSync(join(folder, "package.json"))) found = folder;
    if (folder === dirname(folder)) return found;
  }
}
