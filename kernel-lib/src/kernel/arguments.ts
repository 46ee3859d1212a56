import { SluiceError } from "../errors.ts";
import { isTypeCheckMode } from "./magics/typecheck.ts";
import type { TypeCheckMode } from "./magics/typecheck.ts";

/** What the kernel's command line says. */
export interface KernelArguments {
  connectionFile: string;
  preload?: string;
  /** What happens with type errors until a cell says otherwise. */
  typecheck: TypeCheckMode;
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
  const typecheck = valueOf("--typecheck") ?? "error";
  if (!isTypeCheckMode(typecheck)) {
    throw new SluiceError("USAGE", `There is no --typecheck ${typecheck}.`, { next: "Say error, warn or off." });
  }
  return {
    connectionFile,
    typecheck,
    supervised: args.includes("--supervised"),
    ...(preload === undefined ? {} : { preload }),
  };
}
