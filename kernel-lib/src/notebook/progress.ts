import { cut } from "./cell-title.ts";
import type { RunEvent, StreamText } from "./run-types.ts";

/** A place to print to: `process.stdout`, or a list of texts in a test. */
export interface TextSink {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** Where a {@link ProgressReporter} prints. */
export interface ProgressOptions {
  /** Takes the progress lines and the cells' error stream. */
  stderr: TextSink;
  /** Takes what the cells print; nothing is forwarded without it. */
  stdout?: TextSink;
}

const marks = { passed: "✓", failed: "✗", "timed-out": "✗", died: "✗", interrupted: "✗", "not-run": "–" };
const says = {
  passed: "done",
  failed: "failed",
  "timed-out": "timed out",
  died: "kernel died",
  interrupted: "interrupted",
  "not-run": "not run",
};

/** After how many milliseconds a cell is announced in a plain log, so that a hanging one is seen. */
const announceAfter = 5000;

/**
 * Prints one progress line a cell: rewritten in place in a terminal, plain lines elsewhere.
 *
 * What the cells print goes through unchanged. In a terminal the progress line makes way for it.
 *
 * @example
 * ```ts
 * const reporter = new ProgressReporter({ stderr: process.stderr, stdout: process.stdout });
 * await runNotebook("daily.ipynb", { onProgress: (event) => reporter.event(event), onStream: (text) => reporter.stream(text) });
 * reporter.close();
 * ```
 */
export class ProgressReporter {
  readonly #stderr: TextSink;
  readonly #stdout: TextSink | undefined;
  #running: { label: string; since: number } | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Whether the progress line stands on the terminal's last line. */
  #shown = false;
  /** Whether the cells' last text ended its line; a line that goes on must not be broken by a progress line. */
  #lineEnded = true;

  constructor({ stderr, stdout }: ProgressOptions) {
    this.#stderr = stderr;
    this.#stdout = stdout;
  }

  /** Says what a run tells: give it to `onProgress`. */
  event(event: RunEvent): void {
    const { index, count, title } = event;
    const label = `[${index + 1}/${count}] ${title}`;
    this.#stopTimer();
    if (event.type === "cell-start") {
      this.#running = { label, since: performance.now() };
      this.#startTimer(label);
      return;
    }
    this.#running = undefined;
    const words = this.#stderr.isTTY ? marks[event.status] : says[event.status];
    this.line(event.status === "not-run" ? `${label}: not run` : `${label}: ${words} ${formatSeconds(event.seconds)}`);
  }

  /** Passes on what a cell prints: give it to `onStream`. */
  stream({ name, text }: StreamText): void {
    const sink = name === "stderr" ? this.#stderr : this.#stdout;
    if (!sink || text === "") return;
    this.#clear();
    sink.write(text);
    if (sink.isTTY) this.#lineEnded = text.endsWith("\n");
  }

  /** Prints a line of its own. */
  line(text: string): void {
    this.#clear();
    this.#stderr.write(`${this.#lineEnded ? "" : "\n"}${text}\n`);
    this.#lineEnded = true;
  }

  /** Stops the timers and removes the unfinished progress line. */
  close(): void {
    this.#stopTimer();
    this.#clear();
  }

  #startTimer(label: string): void {
    if (this.#stderr.isTTY) {
      this.#show();
      this.#timer = setInterval(() => this.#show(), 100);
    } else {
      this.#timer = setTimeout(() => this.line(`${label} …`), announceAfter);
    }
    this.#timer.unref();
  }

  #stopTimer(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #show(): void {
    if (!this.#running || !this.#lineEnded) return;
    const time = formatSeconds((performance.now() - this.#running.since) / 1000);
    const room = (this.#stderr.columns || 80) - time.length - 2;
    this.#stderr.write(`\r\x1b[2K${cut(this.#running.label, room)} ${time}`);
    this.#shown = true;
  }

  #clear(): void {
    if (this.#shown) this.#stderr.write("\r\x1b[2K");
    this.#shown = false;
  }
}

/** A time as a person reads it: `0.4 s`, `12.0 s`, `3 min 05 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}
