import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { messageOf, SluiceError } from "../errors.ts";
import { cacheFolder } from "./cache.ts";
import type { ProgressListener } from "./service.ts";
import { withLock } from "./state.ts";

/** The JupyterLab that is installed. */
export const jupyterLabVersion = "4.6";

/** A Python virtual environment with JupyterLab. */
export interface JupyterLabInstall {
  /** The folder of the environment; a kernel is installed for it under this prefix. */
  prefix: string;
  /** Its Python. */
  python: string;
}

const execute = promisify(execFile);

/**
 * Makes a Python virtual environment with JupyterLab in the cache folder, unless it is there already.
 * The first time takes about a minute and 400 MB.
 *
 * @throws SluiceError `DEPENDENCY_MISSING` without Python 3, its module venv, or a package index that answers;
 *   `INTERRUPTED` when the signal aborts.
 */
export async function installJupyterLab(
  options: { onProgress?: ProgressListener; signal?: AbortSignal } = {},
): Promise<JupyterLabInstall> {
  const folder = join(cacheFolder(), "jupyterlab");
  const prefix = join(folder, `venv-${jupyterLabVersion}`);
  const python = join(prefix, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const complete = join(prefix, "sluice-complete"); // written last: an environment without it is half-made
  if (existsSync(complete)) return { prefix, python };
  return withLock(folder, options.signal, async () => {
    if (existsSync(complete)) return { prefix, python };
    const tell = (text: string): void => options.onProgress?.({ service: "jupyterlab", text });
    await rm(prefix, { recursive: true, force: true });
    await checkPython(options.signal);
    tell("Making a Python environment.");
    await step("python3", ["-m", "venv", prefix], options.signal, venvHint);
    tell(`Installing JupyterLab ${jupyterLabVersion} (about a minute).`);
    const wanted = `jupyterlab==${jupyterLabVersion}.*`;
    const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", wanted];
    await step(python, install, options.signal, "JupyterLab could not be installed with pip");
    await writeDefaults(prefix);
    await writeFile(complete, "");
    return { prefix, python };
  });
}

const venvHint = "Python 3 could not make a virtual environment (on Debian, install the package python3-venv)";

async function checkPython(signal: AbortSignal | undefined): Promise<void> {
  const next = "Install Python 3.10 or newer, so that `python3` is found.";
  let version: string;
  try {
    version = (await execute("python3", ["--version"], signal ? { signal } : {})).stdout;
  } catch (cause) {
    throwIfInterrupted(signal, cause);
    throw new SluiceError("DEPENDENCY_MISSING", "JupyterLab needs Python 3, and there is no python3.", { next, cause });
  }
  const [major = 0, minor = 0] = version
    .replace(/^Python /, "")
    .split(".")
    .map(Number);
  if (major > 3 || (major === 3 && minor >= 10)) return;
  throw new SluiceError(
    "DEPENDENCY_MISSING",
    `JupyterLab needs Python 3.10 or newer, and python3 is ${version.trim()}.`,
    { next },
  );
}

async function step(program: string, args: string[], signal: AbortSignal | undefined, failed: string): Promise<void> {
  try {
    await execute(program, args, { maxBuffer: 1 << 26, ...(signal ? { signal } : {}) });
  } catch (cause) {
    throwIfInterrupted(signal, cause);
    const said = (cause as { stderr?: string }).stderr?.trimEnd().split("\n").at(-1) ?? messageOf(cause);
    throw new SluiceError("DEPENDENCY_MISSING", `${failed}: ${said.replace(/\.$/, "")}.`, { cause });
  }
}

function throwIfInterrupted(signal: AbortSignal | undefined, cause: unknown): void {
  if (signal?.aborted)
    throw new SluiceError("INTERRUPTED", "The installation of JupyterLab was interrupted.", { cause });
}

/** Sets what a fresh JupyterLab would ask the user about. */
async function writeDefaults(prefix: string): Promise<void> {
  const file = join(prefix, "share/jupyter/lab/settings/overrides.json");
  await mkdir(dirname(file), { recursive: true });
  const quiet = { "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false } };
  await writeFile(file, JSON.stringify(quiet, null, 2) + "\n");
}
