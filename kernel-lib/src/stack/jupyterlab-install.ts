import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pythonEnvironment, pythonOf } from "./python-environment.ts";
import type { ProgressListener } from "./service.ts";
import { versions } from "./versions.ts";

/** The JupyterLab that is installed. */
export const jupyterLabVersion = versions.jupyterLab;

/** A Python virtual environment with JupyterLab. */
export interface JupyterLabInstall {
  /** The folder of the environment; a kernel is installed for it under this prefix. */
  prefix: string;
  /** Its Python. */
  python: string;
}

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
  const prefix = await pythonEnvironment({
    who: "JupyterLab",
    name: "jupyterlab",
    version: jupyterLabVersion,
    packages: [`jupyterlab==${jupyterLabVersion}.*`],
    installing: `Installing JupyterLab ${jupyterLabVersion} (about a minute).`,
    tell: (text) => options.onProgress?.({ service: "jupyterlab", text }),
    finish: writeDefaults,
    signal: options.signal,
  });
  return { prefix, python: pythonOf(prefix) };
}

/** Sets what a fresh JupyterLab would ask the user about. */
async function writeDefaults(prefix: string): Promise<void> {
  const file = join(prefix, "share/jupyter/lab/settings/overrides.json");
  await mkdir(dirname(file), { recursive: true });
  const quiet = { "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false } };
  await writeFile(file, JSON.stringify(quiet, null, 2) + "\n");
}
