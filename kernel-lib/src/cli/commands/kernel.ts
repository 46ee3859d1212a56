import { installKernelspec, listKernelspecs, uninstallKernelspec } from "../../kernel/kernelspec.ts";
import type { KernelspecTarget } from "../../kernel/kernelspec.ts";
import type { Arguments, Command, CommandGroup, Option } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { table } from "../help.ts";
import { usage } from "../parse-arguments.ts";

const places: Readonly<Record<string, Option>> = {
  user: { type: "boolean", help: "for this user only (the default)" },
  "sys-prefix": { type: "boolean", help: "in the active Python environment (VIRTUAL_ENV or CONDA_PREFIX)" },
  prefix: { type: "string", value: "FOLDER", help: "under this folder, in share/jupyter/kernels" },
};

const install: Command = {
  usage: "kernel install [--user | --sys-prefix | --prefix FOLDER]",
  summary: "Installs the kernel, so that Jupyter offers it. An older one is replaced.",
  options: places,
  run(args) {
    const { displayName, folder } = installKernelspec(readPlace(args, "sluice kernel install") ?? {});
    process.stdout.write(`Installed the kernel ${displayName} in ${folder}.\n`);
    return Promise.resolve(exitCodes.passed);
  },
};

const list: Command = {
  usage: "kernel list [--user | --sys-prefix | --prefix FOLDER]",
  summary: "Lists where the kernel is installed; without a place, wherever Jupyter looks.",
  options: places,
  run(args) {
    const found = listKernelspecs(readPlace(args, "sluice kernel list"));
    const rows = found.map(({ name, folder }): [string, string] => [name, folder]);
    process.stdout.write(rows.length === 0 ? "The kernel is not installed.\n" : `${table(rows)}\n`);
    return Promise.resolve(exitCodes.passed);
  },
};

const uninstall: Command = {
  usage: "kernel uninstall [--user | --sys-prefix | --prefix FOLDER]",
  summary: "Removes the kernel from Jupyter.",
  options: places,
  run(args) {
    const { displayName, folder } = uninstallKernelspec(readPlace(args, "sluice kernel uninstall") ?? {});
    process.stdout.write(`Removed the kernel ${displayName} from ${folder}.\n`);
    return Promise.resolve(exitCodes.passed);
  },
};

/** `sluice kernel`: tells Jupyter about the kernel. */
export const kernel: CommandGroup = {
  summary: "Tells Jupyter about the kernel.",
  commands: {
    install: { summary: "installs the kernel, so that Jupyter offers it", load: () => Promise.resolve(install) },
    list: { summary: "lists where the kernel is installed", load: () => Promise.resolve(list) },
    uninstall: { summary: "removes the kernel", load: () => Promise.resolve(uninstall) },
  },
};

/** The place that the options name; `undefined` when they name none. */
function readPlace(args: Arguments, command: string): KernelspecTarget | undefined {
  const unexpected = args.positionals[0];
  if (unexpected !== undefined) throw usage(`There is nothing to do with "${unexpected}".`, command);
  const prefix = args.text("prefix");
  const given = [args.flag("user"), args.flag("sys-prefix"), prefix !== undefined].filter(Boolean).length;
  if (given > 1) throw usage("Name one place: --user, --sys-prefix or --prefix.", command);
  if (prefix !== undefined) return { prefix };
  if (args.flag("sys-prefix")) return { sysPrefix: true };
  return args.flag("user") ? { user: true } : undefined;
}
