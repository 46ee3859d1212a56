import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { SluiceError } from "../errors.ts";

/** The name by which Jupyter knows the kernel. */
export const KERNEL_NAME = "sluice";

/** Where a kernelspec is installed; exactly one of these. */
export interface KernelspecTarget {
  /** For this user only (the default). */
  user?: boolean;
  /** Into the Python environment that `VIRTUAL_ENV` or `CONDA_PREFIX` names. */
  sysPrefix?: boolean;
  /** Under another prefix: `<prefix>/share/jupyter/kernels`. */
  prefix?: string;
}

/** What goes into a kernelspec. */
export interface KernelspecOptions extends KernelspecTarget {
  name?: string;
  displayName?: string;
  /** The module loaded before the first cell; `false` for none. */
  preload?: string | false;
  /** Environment variables for the kernel. */
  env?: Record<string, string>;
}

/** A kernelspec that is installed. */
export interface InstalledKernelspec {
  name: string;
  displayName: string;
  folder: string;
}

/** How the kernel's command is made. */
export interface KernelCommandOptions {
  preload?: string | false;
  /** What happens with type errors until a cell says `%typecheck`; `off` also saves the time that TypeScript takes. */
  typecheck?: "error" | "warn" | "off";
  /**
   * Whether a small parent process starts the kernel again when it dies (the default). Without it, the process that is
   * spawned is the kernel itself, and its death is seen at once as the child's exit.
   */
  supervised?: boolean;
}

/**
 * The command that starts the kernel: the program and its arguments, with `{connection_file}` where the connection file's path goes.
 *
 * @example
 * ```ts
 * const [program, ...args] = kernelCommand({ supervised: false });
 * console.log(args.includes("{connection_file}")); // true
 * ```
 */
export function kernelCommand(options: KernelCommandOptions = {}): string[] {
  const preload = options.preload ?? "sluice/preload";
  return [
    process.execPath,
    mainScript(),
    "--connection-file",
    "{connection_file}",
    ...(preload === false ? [] : ["--preload", preload]),
    ...(options.typecheck === undefined ? [] : ["--typecheck", options.typecheck]),
    ...(options.supervised === false ? ["--unsupervised"] : []),
  ];
}

/**
 * Writes the kernelspec, so that Jupyter offers the kernel; an older one of the same name is replaced.
 *
 * @example
 * ```ts
 * import { installKernelspec, listKernelspecs } from "sluice/kernel";
 * installKernelspec({ prefix: "venv" });
 * console.log(listKernelspecs({ prefix: "venv" }).length); // 1
 * ```
 */
export function installKernelspec(options: KernelspecOptions = {}): InstalledKernelspec {
  const name = options.name ?? KERNEL_NAME;
  const displayName = options.displayName ?? "TypeScript (Sluice)";
  const folder = join(kernelsFolder(options), name);
  const spec = {
    argv: kernelCommand(options.preload === undefined ? {} : { preload: options.preload }),
    display_name: displayName,
    language: "typescript",
    interrupt_mode: "message",
    env: options.env ?? {},
    metadata: {},
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "kernel.json"), JSON.stringify(spec, null, 2) + "\n");
  return { name, displayName, folder };
}

/**
 * Lists the kernelspecs of this package in the given place, or in every place where Jupyter looks.
 *
 * @example
 * ```ts
 * import { listKernelspecs } from "sluice/kernel";
 * console.log(listKernelspecs({ prefix: "no-such-folder" }).length); // 0
 * ```
 */
export function listKernelspecs(target?: KernelspecTarget): InstalledKernelspec[] {
  const folders = target ? [kernelsFolder(target)] : allKernelsFolders();
  return folders.flatMap((folder) => {
    if (!existsSync(folder)) return [];
    return readdirSync(folder).flatMap((name) => readInstalled(join(folder, name), name));
  });
}

/**
 * Removes a kernelspec; throws `NOT_FOUND` when it is not installed there.
 *
 * @example
 * ```ts
 * import { installKernelspec, uninstallKernelspec } from "sluice/kernel";
 * installKernelspec({ prefix: "venv" });
 * uninstallKernelspec({ prefix: "venv" });
 * ```
 */
export function uninstallKernelspec(options: KernelspecTarget & { name?: string } = {}): InstalledKernelspec {
  const name = options.name ?? KERNEL_NAME;
  const folder = join(kernelsFolder(options), name);
  const [installed] = readInstalled(folder, name);
  if (installed === undefined) {
    throw new SluiceError("NOT_FOUND", `There is no kernelspec ${name} of Sluice in ${dirname(folder)}.`);
  }
  rmSync(folder, { recursive: true });
  return installed;
}

function mainScript(): string {
  // Unbuilt sources start the built kernel: Node 20 runs no TypeScript.
  return fileURLToPath(new URL("./main.js", import.meta.url)).replace(
    /([\\/])src([\\/]kernel[\\/]main\.js)$/,
    "$1dist$2",
  );
}

function readInstalled(folder: string, name: string): InstalledKernelspec[] {
  try {
    const spec = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")) as {
      argv?: string[];
      display_name?: string;
    };
    const ours = spec.argv?.some((part) => /[\\/]kernel[\\/]main\.js$/.test(part)) ?? false;
    return ours ? [{ name, displayName: spec.display_name ?? name, folder }] : [];
  } catch {
    return [];
  }
}

function kernelsFolder(target: KernelspecTarget): string {
  const chosen = [target.user, target.sysPrefix, target.prefix !== undefined].filter(Boolean).length;
  if (chosen > 1) throw new SluiceError("USAGE", "Name one place for the kernelspec: user, sysPrefix or prefix.");
  if (target.prefix !== undefined) return join(target.prefix, "share", "jupyter", "kernels");
  if (!target.sysPrefix) return join(userDataFolder(), "kernels");
  const prefix = process.env["VIRTUAL_ENV"] ?? process.env["CONDA_PREFIX"];
  if (!prefix) {
    throw new SluiceError("CONFIG_INVALID", "No Python environment is active.", {
      next: "Activate one, or name its folder with prefix.",
    });
  }
  return join(prefix, "share", "jupyter", "kernels");
}

function allKernelsFolders(): string[] {
  const prefixes = [process.env["VIRTUAL_ENV"], process.env["CONDA_PREFIX"], "/usr/local", "/usr"].filter(Boolean);
  return [...new Set([userDataFolder(), ...prefixes.map((prefix) => join(String(prefix), "share", "jupyter"))])].map(
    (folder) => join(folder, "kernels"),
  );
}

function userDataFolder(): string {
  const { JUPYTER_DATA_DIR, XDG_DATA_HOME, APPDATA } = process.env;
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR;
  if (process.platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (process.platform === "win32") return join(APPDATA ?? join(homedir(), "AppData", "Roaming"), "jupyter");
  return join(XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "jupyter");
}
