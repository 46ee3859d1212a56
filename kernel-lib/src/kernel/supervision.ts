import { setTimeout as sleep } from "node:timers/promises";
import type { Kernel } from "./kernel.ts";
import type { Message } from "./wire/framing.ts";

/** The descriptor on which a kernel and its supervisor speak: JSON lines up, any byte down means "interrupt". */
export const SUPERVISOR_FD = 3;

/** A request as a line of JSON. */
export type RunningRequest = Omit<Message, "identities" | "buffers"> & { identities: string[]; buffers?: unknown };

/** What a kernel tells its supervisor. */
export type Report = { running?: RunningRequest | undefined; stopped?: undefined } | { stopped: true };

/** What a new process must say of the one before it. */
export interface Obituary {
  reason: string;
  request?: RunningRequest;
}

/** How long clients may take to find the new process. */
const RECONNECT_MS = 400;

/** Tells the client whose cell was running when the process died, once it found the new one. */
export async function readObituary(text: string, kernel: Kernel): Promise<void> {
  const { reason, request } = JSON.parse(text) as Obituary;
  if (request === undefined) return;
  await sleep(RECONNECT_MS);
  const identities = request.identities.map((identity) => Buffer.from(identity, "base64"));
  const error = { ename: "KernelDied", evalue: reason, traceback: [reason] };
  await kernel.bury({ ...request, identities, buffers: [] }, error);
}
