// When and how long to wait before a request is sent again: the policy of Spark's own clients.
import { setTimeout as sleep } from "node:timers/promises";

/** How a request that a network fault stopped is tried again. Times are in milliseconds. */
export interface RetryPolicy {
  readonly maxRetries: number;
  readonly initialBackoff: number;
  readonly maxBackoff: number;
  readonly backoffMultiplier: number;
  /** At most so much is added to a wait, by chance, so that many clients do not come back at once. */
  readonly jitter: number;
  /** Waits shorter than this get no jitter. */
  readonly minJitterThreshold: number;
}

/** The figures of PySpark's default policy: about ten minutes altogether. */
export const defaultRetryPolicy: RetryPolicy = {
  maxRetries: 15,
  initialBackoff: 50,
  maxBackoff: 60_000,
  backoffMultiplier: 4,
  jitter: 500,
  minJitterThreshold: 2000,
};

/** The waits of one request. */
export class Attempts {
  readonly #policy: RetryPolicy;
  readonly #endsAt: number;
  #made = 0;

  /** @param within - milliseconds after which none begins, beside what the policy says */
  constructor(policy: RetryPolicy, within = Infinity) {
    this.#policy = policy;
    this.#endsAt = Date.now() + within;
  }

  /** Begins anew: the server has answered. */
  reset(): void {
    this.#made = 0;
  }

  /** Waits before the next attempt; false when there is none left. Rejects when the signal ends the wait. */
  async next(signal?: AbortSignal): Promise<boolean> {
    if (this.#made >= this.#policy.maxRetries) return false;
    const wait = waitBefore(this.#policy, this.#made);
    if (Date.now() + wait > this.#endsAt) return false;
    await sleep(wait, undefined, signal ? { signal } : {});
    this.#made += 1;
    return true;
  }
}

/** The wait before a retry, the first being number 0. */
export function waitBefore(policy: RetryPolicy, retry: number, random = Math.random): number {
  const wait = Math.min(policy.initialBackoff * policy.backoffMultiplier ** retry, policy.maxBackoff);
  return wait >= policy.minJitterThreshold ? wait + random() * policy.jitter : wait;
}
