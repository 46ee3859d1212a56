import { setTimeout as sleep } from "node:timers/promises";
import type { Kernel } from "./kernel.ts";
import type { Message } from "./wire/framing.ts";

/** The descriptor on which a kernel and its supervisor speak: lines of JSON in both directions. */
export const SUPERVISOR_FD = 3;

/** A cell that was received and not yet answered, as JSON carries it. */
export type PendingCell = Pick<Message, "header" | "parentHeader" | "metadata" | "content"> & { identities: string[] };

/** What a kernel tells its supervisor. */
export type Report =
  { type: "received"; cell: PendingCell } | { type: "answered"; id: string } | { type: "stopped" } | { type: "failed" };

/** What a supervisor tells its kernel. */
export type Order = { type: "interrupt" } | ({ type: "obituary" } & Obituary);

/** What a new process must say of the one before it. */
export interface Obituary {
  reason: string;
  cells: PendingCell[];
}

/** How long clients may take to find the new process: until the first one does, and for the rest of its sockets. */
const SUBSCRIBED_WITHIN_MS = 10_000;
const SETTLED_AFTER_MS = 250;

/** A cell in the form in which it is reported. */
export function pendingCell({ header, parentHeader, metadata, content, identities }: Message): PendingCell {
  return { header, parentHeader, metadata, content, identities: identities.map((bytes) => bytes.toString("base64")) };
}

/** Answers the cells that the process before this one left, once its clients found this one. */
export async function readObituary({ reason, cells }: Obituary, kernel: Kernel): Promise<void> {
  if (cells.length === 0) return;
  await Promise.race([kernel.subscribed, sleep(SUBSCRIBED_WITHIN_MS)]);
  await sleep(SETTLED_AFTER_MS);
  const requests = cells.map((cell) => ({
    ...cell,
    identities: cell.identities.map((identity) => Buffer.from(identity, "base64")),
    buffers: [],
  }));
  await kernel.bury(requests, { ename: "KernelDied", evalue: reason, traceback: [reason] });
}
