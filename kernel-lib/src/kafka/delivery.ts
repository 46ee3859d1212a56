import { setTimeout as sleep } from "node:timers/promises";
import type { Client, ClusterMetadata, TopicMetadata } from "./client.ts";
import { codeError, kafkaCodes, kafkaError, passingCodes, unavailable } from "./errors.ts";
import type { EncodedBatch } from "./record-batch-encoder.ts";
import type { ProduceResult } from "./wire.ts";

/** What was acknowledged in one partition. */
export interface PartitionReport {
  partition: number;
  /** The offset of the first record; -1 where the broker took it for a repeat and no longer knew its offset. */
  firstOffset: number;
  lastOffset: number;
  /** How many records; other writers' records may stand between them. */
  count: number;
}

interface Lane {
  readonly partition: number;
  leader: number;
  /** Batches that are not acknowledged, oldest first: those on their way, then those that wait. */
  readonly batches: EncodedBatch[];
  /** How many of them are on their way. */
  inFlight: number;
  /** How many may be on their way. */
  window: number;
  /** Set when a batch failed: nothing more is sent until all that was on its way has come back. */
  stopped: boolean;
  /** When the present row of failures began. */
  failingSince: number;
  lastFailure: Error | undefined;
  readonly report: PartitionReport;
}

const maxInFlight = 5;
const produceTimeout = 30_000;

/**
 * Brings the batches of one idempotent producer to the brokers of a topic.
 *
 * Each partition's batches go out in order, at most five requests to a broker at a time. When one fails, its partition
 * waits until the others on their way have come back, and then sends all of them again in the same order with the same
 * sequence numbers: so the broker can tell repeats, and nothing is doubled or out of order.
 *
 * The first batch, and the first after a failure, goes alone: a broker that knows nothing of a producer takes any sequence
 * number as its first, so a second batch that came over a new connection while the first was lost would be taken for it.
 */
export class Delivery {
  readonly #client: Client;
  readonly #topic: string;
  readonly #lanes: Lane[];
  readonly #release: (buffer: Buffer) => void;
  readonly #load = new Map<number, number>();
  #cluster: ClusterMetadata;
  #recovering = false;
  #wake: (() => void) | undefined;
  /** Why the delivery has failed, when it has. */
  failure: Error | undefined;
  /** Bytes that are not acknowledged yet. */
  pending = 0;
  /** Records and bytes that were acknowledged. */
  acknowledged = 0;
  bytes = 0;

  constructor(client: Client, cluster: ClusterMetadata, topic: TopicMetadata, release: (buffer: Buffer) => void) {
    this.#client = client;
    this.#cluster = cluster;
    this.#topic = topic.name;
    this.#release = release;
    this.#lanes = topic.partitions.map(({ partition, leader }) => ({
      partition,
      leader,
      batches: [],
      inFlight: 0,
      window: 1,
      stopped: false,
      failingSince: 0,
      lastFailure: undefined,
      report: { partition, firstOffset: -1, lastOffset: -1, count: 0 },
    }));
  }

  /** What was acknowledged so far, by partition; partitions without records are left out. */
  get partitions(): PartitionReport[] {
    return this.#lanes.filter((lane) => lane.report.count > 0).map((lane) => ({ ...lane.report }));
  }

  /** Takes a batch; it is sent as soon as its turn comes. */
  offer(batch: EncodedBatch): void {
    this.#lane(batch.partition).batches.push(batch);
    this.pending += batch.length;
    this.#pump();
  }

  /** Returns when at most so many bytes are not acknowledged; throws when the delivery has failed. */
  async settle(bytes: number): Promise<void> {
    while (!this.failure && this.pending > bytes) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.failure) throw this.failure;
  }

  /** The result of other work, or the error of the delivery as soon as there is one. */
  unlessFailed<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (this.failure) reject(this.failure);
      };
      this.#wake = look;
      look();
      work.then(resolve, reject);
    });
  }

  /** Ends the delivery with an error; whoever waits is told. */
  fail(error: Error): void {
    this.failure ??= error;
    this.#wake?.();
  }

  /** Sends what may be sent: one request a leader and turn, with the next batch of each of its partitions. */
  #pump(): void {
    while (!this.failure) {
      const turns = new Map<number, EncodedBatch[]>();
      for (const lane of this.#lanes) {
        const batch = lane.batches[lane.inFlight];
        if (!batch || lane.stopped || lane.inFlight >= lane.window || (this.#load.get(lane.leader) ?? 0) >= maxInFlight)
          continue;
        const turn = turns.get(lane.leader);
        if (turn) turn.push(batch);
        else turns.set(lane.leader, [batch]);
      }
      if (turns.size === 0) return;
      for (const [leader, batches] of turns) this.#send(leader, batches);
    }
  }

  #send(leader: number, batches: EncodedBatch[]): void {
    for (const { partition } of batches) this.#lane(partition).inFlight++;
    this.#load.set(leader, (this.#load.get(leader) ?? 0) + 1);
    const where = this.#cluster.brokers.get(leader);
    const request = where
      ? this.#client.call(where, this.#client.wire.produce, this.#topic, produceTimeout, batches)
      : Promise.reject(codeError(kafkaCodes.leaderNotAvailable, this.#context));
    const done = (results: ProduceResult[] | undefined, error: unknown): void => {
      this.#load.set(leader, (this.#load.get(leader) ?? 1) - 1);
      for (const batch of batches) this.#settleBatch(batch, results, error);
      if (this.#lanes.some(isWaiting)) this.#recover();
      this.#wake?.();
      this.#pump();
    };
    request.then(
      (results) => done(results, undefined),
      (error: unknown) => done(undefined, error),
    );
  }

  #settleBatch(batch: EncodedBatch, results: ProduceResult[] | undefined, error: unknown): void {
    const lane = this.#lane(batch.partition);
    lane.inFlight--;
    if (this.failure) return;
    const result = results?.find((one) => one.partition === batch.partition);
    const code = result?.code ?? -1;
    if (code === kafkaCodes.none || code === kafkaCodes.duplicateSequence) {
      this.#acknowledge(lane, batch, result?.baseOffset ?? -1);
      return;
    }
    const failure = result ? codeError(code, this.#context) : kafkaError(error, this.#context);
    // Behind a failed batch the next ones are out of order by necessity; at the head of the lane it is a loss.
    const passes = result
      ? passingCodes.has(code) ||
        code === kafkaCodes.unknownTopic ||
        (code === kafkaCodes.outOfOrderSequence && lane.stopped)
      : failure.code === "SERVICE_UNAVAILABLE";
    if (!passes) {
      this.fail(failure);
      return;
    }
    lane.stopped = true;
    lane.window = 1;
    lane.failingSince ||= Date.now();
    lane.lastFailure = failure;
  }

  #acknowledge(lane: Lane, batch: EncodedBatch, baseOffset: number): void {
    lane.batches.splice(lane.batches.indexOf(batch), 1);
    lane.failingSince = 0;
    lane.window = maxInFlight;
    const { report } = lane;
    if (report.count === 0) report.firstOffset = baseOffset;
    if (baseOffset >= 0) report.lastOffset = baseOffset + batch.count - 1;
    report.count += batch.count;
    this.pending -= batch.length;
    this.acknowledged += batch.count;
    this.bytes += batch.length;
    this.#release(batch.buffer);
  }

  /** Asks for the leaders again until the stopped partitions can go on, or one has failed for too long. */
  #recover(): void {
    if (this.#recovering) return;
    this.#recovering = true;
    void this.#askForLeaders().then(
      () => {
        this.#recovering = false;
        this.#pump();
        if (this.#lanes.some(isWaiting)) this.#recover();
      },
      (error: unknown) => this.fail(kafkaError(error, this.#context)),
    );
  }

  async #askForLeaders(): Promise<void> {
    for (let pause = 50; !this.failure; pause = Math.min(pause * 2, 1000)) {
      await sleep(pause);
      const late = this.#lanes.find(
        (lane) => lane.failingSince > 0 && Date.now() - lane.failingSince > this.#client.settings.deliveryTimeout,
      );
      if (late) throw late.lastFailure ?? unavailable(this.#context, "it does not answer");
      try {
        this.#cluster = await this.#client.metadata([this.#topic]);
      } catch (thrown) {
        if (kafkaError(thrown, this.#context).code === "SERVICE_UNAVAILABLE") continue;
        throw thrown;
      }
      const now = this.#cluster.topics.find((topic) => topic.name === this.#topic);
      let ready = false;
      for (const lane of this.#lanes.filter(isWaiting)) {
        const leader = now?.partitions[lane.partition]?.leader ?? -1;
        if (!this.#cluster.brokers.has(leader)) continue;
        lane.leader = leader;
        lane.stopped = false;
        ready = true;
      }
      if (ready) return;
    }
  }

  #lane(partition: number): Lane {
    return this.#lanes[partition] as Lane;
  }

  get #context(): { settings: Client["settings"]; topic: string } {
    return { settings: this.#client.settings, topic: this.#topic };
  }
}

/** True for a partition that failed and of which nothing is on its way any more. */
function isWaiting(lane: Lane): boolean {
  return lane.stopped && lane.inFlight === 0;
}
