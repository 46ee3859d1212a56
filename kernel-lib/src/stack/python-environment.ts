import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { messageOf, SluiceError } from "../errors.ts";
import { cacheFolder } from "./cache.ts";
import { withLock } from "./state.ts";

const execute = promisify(execFile);

/** What is asked of Python, and for whom. */
export interface PythonOptions {
  /** Who needs it, in sentences: `JupyterLab`. */
  who: string;
  signal?: AbortSignal | undefined;
}

/** What a Python environment holds. */
export interface PythonEnvironmentOptions extends PythonOptions {
  /** The folder in the cache, and the version of what is in it. */
  name: string;
  version: string;
  packages: readonly string[];
  /** What is told before the packages are fetched. */
  installing: string;
  tell: (text: string) => void;
  /** What else belongs to a complete one. */
  finish?: (prefix: string) => Promise<void>;
}

/** What pip is always told. */
export const PIP = ["-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"];

/**
 * The folder of a Python environment in the cache, made the first time. One that is half-made counts as none.
 *
 * @throws SluiceError `DEPENDENCY_MISSING` without Python 3.10, its module venv, or a package index that answers;
 *   `INTERRUPTED` when the signal aborts.
 */
export async function pythonEnvironment(options: PythonEnvironmentOptions): Promise<string> {
  const { who, name, version, packages, installing, tell, finish, signal } = options;
  const folder = join(cacheFolder(), name);
  const prefix = join(folder, `venv-${version}`);
  const complete = join(prefix, "sluice-complete"); // written last: an environment without it is half-made
  if (existsSync(complete)) return prefix;
  return withLock(folder, signal, async () => {
    if (existsSync(complete)) return prefix;
    await rm(prefix, { recursive: true, force: true });
    await checkPython(options);
    tell("Making a Python environment.");
    await runPython("python3", ["-m", "venv", prefix], VENV_FAILED, options);
    tell(installing);
    await runPython(
      pythonOf(prefix),
      [...PIP, "install", ...packages],
      `${who} could not be installed with pip`,
      options,
    );
    await finish?.(prefix);
    await writeFile(complete, "");
    return prefix;
  });
}

/** The Python of an environment. */
export function pythonOf(prefix: string): string {
  return join(prefix, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
}

const VENV_FAILED = "Python 3 could not make a virtual environment (on Debian, install the package python3-venv)";

/** Throws DEPENDENCY_MISSING when there is no Python 3.10. */
export async function checkPython({ who, signal }: PythonOptions): Promise<void> {
  const next = "Install Python 3.10 or newer, so that `python3` is found.";
  let version: string;
  try {
    version = (await execute("python3", ["--version"], signal ? { signal } : {})).stdout;
  } catch (cause) {
    throwIfInterrupted({ who, signal }, cause);
    throw new SluiceError("DEPENDENCY_MISSING", `${who} needs Python 3, and there is no python3.`, { next, cause });
  }
  const [major = 0, minor = 0] = version
    .replace(/^Python /, "")
    .split(".")
    .map(Number);
  if (major > 3 || (major === 3 && minor >= 10)) return;
  throw new SluiceError("DEPENDENCY_MISSING", `${who} needs Python 3.10 or newer, and python3 is ${version.trim()}.`, {
    next,
  });
}

/** Runs a Python; when it fails, throws DEPENDENCY_MISSING with what failed and the last line that it said. */
export async function runPython(
  program: string,
  args: readonly string[],
  failed: string,
  options: PythonOptions,
): Promise<void> {
  const { signal } = options;
  try {
    await execute(program, [...args], { maxBuffer: 1 << 26, ...(signal ? { signal } : {}) });
  } catch (cause) {
    throwIfInterrupted(options, cause);
    const said = (cause as { stderr?: string }).stderr?.trimEnd().split("\n").at(-1) ?? messageOf(cause);
    throw new SluiceError("DEPENDENCY_MISSING", `${failed}: ${said.replace(/\.$/, "")}.`, { cause });
  }
}

function throwIfInterrupted({ who, signal }: PythonOptions, cause: unknown): void {
  if (signal?.aborted) throw new SluiceError("INTERRUPTED", `The installation of ${who} was interrupted.`, { cause });
}
