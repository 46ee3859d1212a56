import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheFolder } from "./cache.ts";
import type { JupyterLabInstall } from "./jupyterlab-install.ts";
import { choosePort } from "./ports.ts";
import { endProcess, isAlive, launch, waitUntilReady } from "./process.ts";
import type { ProcessId } from "./process.ts";

export { installJupyterLab, jupyterLabVersion } from "./jupyterlab-install.ts";
export type { JupyterLabInstall } from "./jupyterlab-install.ts";

/** How to start JupyterLab. */
export interface JupyterLabOptions {
  /** The folder whose notebooks it shows. */
  folder: string;
  /** The notebook it opens, as a path under the folder. */
  notebook?: string;
  /** The TCP port on 127.0.0.1; 8888, or a free one where that is taken, when it is not given. */
  port?: number;
  /** True opens it in the user's browser. */
  browser?: boolean;
  /** More arguments, such as `--LabApp.expose_app_in_browser=True` for tests. */
  args?: readonly string[];
  /** The environment of the server and its kernels; this process's own when it is not given. */
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}

/** A JupyterLab that runs, and ends with this process. */
export interface RunningJupyterLab {
  /** The address to open, with the token that lets the user in. */
  url: string;
  port: number;
  /** The file that holds the server's output. */
  log: string;
  /** Waits until the server has ended. */
  ended(): Promise<void>;
  /** Ends the server and its kernels; it returns when it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts JupyterLab and returns when it answers.
 *
 * Its settings, workspaces and runtime files are kept in the cache folder: the user's own Jupyter is not touched.
 *
 * @throws SluiceError `SERVICE_UNAVAILABLE` when the port is taken or the server does not come up, with the last lines of
 *   its log; `INTERRUPTED` when the signal aborts.
 *
 * @example
 * ```ts no-run it installs JupyterLab
 * const lab = await startJupyterLab(await installJupyterLab(), { folder: "notebooks", notebook: "contract-events.ipynb" });
 * console.log(lab.url);
 * await lab.stop();
 * ```
 */
export async function startJupyterLab(
  install: JupyterLabInstall,
  options: JupyterLabOptions,
): Promise<RunningJupyterLab> {
  const home = join(cacheFolder(), "jupyterlab");
  const port = await choosePort(options.port, 8888);
  const token = randomBytes(24).toString("hex");
  const log = join(home, `jupyterlab-${port}.log`);
  await mkdir(home, { recursive: true });
  const page =
    options.notebook === undefined
      ? "/lab"
      : `/lab/tree/${options.notebook.split("/").map(encodeURIComponent).join("/")}`;
  const args = [
    "-m",
    "jupyterlab",
    "--ServerApp.ip=127.0.0.1",
    `--ServerApp.port=${port}`,
    "--ServerApp.port_retries=0",
    `--ServerApp.open_browser=${options.browser ? "True" : "False"}`,
    `--ServerApp.root_dir=${options.folder}`,
    `--LabApp.default_url=${page}`,
    ...(process.getuid?.() === 0 ? ["--ServerApp.allow_root=True"] : []),
    ...(options.args ?? []),
  ];
  const env = {
    ...(options.env ?? process.env),
    // Not on the command line, where other users could read it.
    JUPYTER_TOKEN: token,
    JUPYTER_CONFIG_DIR: join(home, "config"),
    JUPYTER_DATA_DIR: join(home, "data"),
    JUPYTER_RUNTIME_DIR: join(home, "runtime"),
    JUPYTERLAB_SETTINGS_DIR: join(home, "settings"),
    JUPYTERLAB_WORKSPACES_DIR: join(home, "workspaces"),
  };
  const launched = await launch(install.python, args, { log, cwd: options.folder, detached: false, env });
  await waitUntilReady({
    name: "JupyterLab",
    launched,
    log,
    probe: () => answers(port, token),
    seconds: 90,
    signal: options.signal,
  });
  return {
    url: `http://127.0.0.1:${port}${page}?token=${token}`,
    port,
    log,
    ended: () => untilEnded(launched),
    async stop() {
      // Asked first: a server that is only killed leaves its kernels to find that out for themselves.
      await request("POST", "api/shutdown", port, token).catch(() => undefined);
      await Promise.race([untilEnded(launched), sleep(10_000, undefined, { ref: false })]);
      await endProcess(launched);
    },
  };
}

async function untilEnded(launched: ProcessId): Promise<void> {
  while (isAlive(launched)) await sleep(50);
}

async function answers(port: number, token: string): Promise<boolean> {
  return request("GET", "api/status", port, token).catch(() => false);
}

/** Asks the server something. Returns whether it agreed; rejects when there is none. */
async function request(method: string, path: string, port: number, token: string): Promise<boolean> {
  const headers = { Authorization: `token ${token}` };
  const response = await fetch(`http://127.0.0.1:${port}/${path}`, { method, headers });
  await response.arrayBuffer();
  return response.ok;
}
