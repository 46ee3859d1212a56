import { Router, XPublisher } from "zeromq";
import { messageOf, SluiceError } from "../../errors.ts";
import { CHANNELS, endpoint } from "./connection.ts";
import type { ConnectionInfo } from "./connection.ts";

/** The kernel's side of the five channels. */
export interface KernelSockets {
  shell: Router;
  control: Router;
  stdin: Router;
  iopub: XPublisher;
  hb: Router;
}

/** Opens a kernel's five sockets where its connection file says; throws `SERVICE_UNAVAILABLE` when one is taken. */
export async function bindKernelSockets(connection: ConnectionInfo): Promise<KernelSockets> {
  // No high-water mark: a flood of output must wait in memory rather than be dropped.
  const options = { linger: 1000, sendHighWaterMark: 0 };
  const sockets: KernelSockets = {
    shell: new Router(options),
    control: new Router(options),
    stdin: new Router(options),
    // Every subscription is reported, not only the first: each new client gets its welcome.
    iopub: new XPublisher({ ...options, verbosity: "allSubs" }),
    hb: new Router(options),
  };
  // One after the other: a socket that fails must not be left while another still opens.
  for (const channel of CHANNELS) {
    const address = endpoint(connection, channel);
    try {
      await sockets[channel].bind(address);
    } catch (error) {
      closeSockets(sockets);
      const sentence = `The kernel can't listen on ${address} (${channel}): ${messageOf(error)}.`;
      throw new SluiceError("SERVICE_UNAVAILABLE", sentence, { next: "Start it with other ports.", cause: error });
    }
  }
  return sockets;
}

/** Closes all sockets; what was sent before still goes out. */
export function closeSockets(sockets: KernelSockets): void {
  for (const channel of CHANNELS) sockets[channel].close();
}
