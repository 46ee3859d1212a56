import { expect, test, vi } from "vitest";
import { newConnection } from "./connection.ts";
import { bindKernelSockets, closeSockets } from "./kernel-sockets.ts";

test("a port that is taken is an error that names it", async () => {
  const connection = await newConnection();
  const taken = { ...connection, iopub_port: connection.shell_port };
  await expect(bindKernelSockets(taken)).rejects.toThrow(`:${connection.shell_port} (iopub): Address already in use.`);
  // Nothing was left open by the failure, but ZeroMQ closes in a thread of its own.
  await vi.waitFor(async () => closeSockets(await bindKernelSockets(connection)));
});
