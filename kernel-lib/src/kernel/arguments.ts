import { SluiceError } from "../errors.ts";

/** What the kernel's command line says. */
export interface KernelArguments {
  connectionFile: string;
  preload?: string;
  /** Whether a supervisor started this process and listens. */
  supervised: boolean;
}

/** Reads the kernel's command line. */
export function readArguments(args: readonly string[]): KernelArguments {
  const valueOf = (name: string): string | undefined => {
    const at = args.indexOf(name);
    return at < 0 ? undefined : args[at + 1];
  };
  const connectionFile = valueOf("--connection-file");
  if (connectionFile === undefined) {
    throw new SluiceError("USAGE", "The kernel needs --connection-file.", {
      next: "Jupyter gives it when it starts a kernel.",
    });
  }
  const preload = valueOf("--preload");
  return {
    connectionFile,
    supervised: args.includes("--supervised"),
    ...(preload === undefined ? {} : { preload }),
  };
}
