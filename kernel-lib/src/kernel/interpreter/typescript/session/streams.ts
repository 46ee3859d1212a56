import { Buffer } from "node:buffer";
import { Console } from "node:console";
import process from "node:process";
import type { FromSession } from "../messages.ts";
import { SHARED } from "../messages.ts";
import { currentCell } from "./cells.ts";

/** How many characters may wait for the other thread before printing waits for it. */
const MOST_WAITING = 8 * 1024 * 1024;

/**
 * Sends what is written to stdout and stderr under the cell that writes it. Each write goes to the other thread at once, so
 * that a cell that computes for a minute shows what it printed before; that thread gathers them.
 */
export function captureStreams(post: (message: FromSession) => void, shared: Int32Array): void {
  for (const name of ["stdout", "stderr"] as const) {
    const write = (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
      const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
      waitForRoom(shared, text.length);
      post({ type: "stream", parent: currentCell().parent, name, text });
      const done = typeof encoding === "function" ? encoding : callback;
      if (typeof done === "function") process.nextTick(done);
      return true;
    };
    process[name].write = write;
  }
  // The global console also tells the inspector, which would keep what was printed alive.
  const console = new Console({ stdout: process.stdout, stderr: process.stderr });
  globalThis.console = Object.assign(console, { Console });
}

function waitForRoom(shared: Int32Array, length: number): void {
  const waiting = Atomics.add(shared, SHARED.SENT_TO_WORKER, length);
  if (waiting > MOST_WAITING) Atomics.wait(shared, SHARED.SENT_TO_WORKER, waiting + length, 2000);
}
