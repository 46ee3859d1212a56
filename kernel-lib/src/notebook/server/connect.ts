import type { Kernel, ServerConnection } from "@jupyterlab/services";

/**
 * Connects a Jupyter client to the kernel of a server.
 *
 * @throws Error with the server's own sentence when the kernel did not start.
 */
export async function connectKernel(serverSettings: ServerConnection.ISettings): Promise<Kernel.IKernelConnection> {
  // Loaded here, so that the kernel's process comes up meanwhile.
  const { KernelAPI, KernelConnection } = await import("@jupyterlab/services");
  const model = await KernelAPI.startNew({ name: "sluice" }, serverSettings);
  return new KernelConnection({ model, serverSettings, handleComms: false });
}

/** The lines that the Jupyter client logs, which Node would print to standard output. */
const chatter = /^(Starting WebSocket: |Kernel: )/;

/** Keeps the Jupyter client's own log lines off standard output. Returns the way to undo it. */
export function muteClientLog(): () => void {
  const original = console.debug;
  const muted = (...args: unknown[]): void => {
    if (typeof args[0] !== "string" || !chatter.test(args[0])) original(...args);
  };
  console.debug = muted;
  return () => {
    if (console.debug === muted) console.debug = original;
  };
}
