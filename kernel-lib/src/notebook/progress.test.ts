import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { CodeCell } from "./nbformat.ts";
import { formatSeconds, ProgressReporter } from "./progress.ts";
import type { TextSink } from "./progress.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const cell = (source: string, metadata: CodeCell["metadata"] = {}): CodeCell => ({
  cell_type: "code",
  source,
  metadata,
  execution_count: null,
  outputs: [],
});

function setUp(isTTY: boolean) {
  const written: string[] = [];
  const sink = (name: string): TextSink => ({ isTTY, columns: 40, write: (text) => written.push(name + text) });
  return { written, reporter: new ProgressReporter({ stderr: sink("E"), stdout: sink("O") }) };
}

const load = cell("\n// Load the tables\nlet a = 1;");
const start = { type: "cell-start", index: 2, count: 9, cell: load, title: "Load the tables" } as const;
const end = {
  type: "cell-end",
  index: 2,
  count: 9,
  cell: load,
  title: "Load the tables",
  status: "passed",
  seconds: 2.44,
} as const;

test("elsewhere than in a terminal a cell is one plain line", () => {
  const { written, reporter } = setUp(false);
  reporter.event(start);
  reporter.stream({ name: "stdout", text: "rows: 5", index: 2 });
  reporter.event(end);
  reporter.event({ ...end, index: 3, status: "failed", seconds: 0.04 });
  reporter.event({ ...end, index: 4, status: "not-run", seconds: 0 });
  expect(written).toEqual([
    "Orows: 5",
    "E[3/9] Load the tables: done 2.4 s\n",
    "E[4/9] Load the tables: failed 0.0 s\n",
    "E[5/9] Load the tables: not run\n",
  ]);
});

test("elsewhere than in a terminal a long cell is announced, so that a hanging one is seen", () => {
  const { written, reporter } = setUp(false);
  reporter.event(start);
  vi.advanceTimersByTime(4999);
  expect(written).toEqual([]);
  vi.advanceTimersByTime(60_000);
  expect(written).toEqual(["E[3/9] Load the tables …\n"]);
});

test("in a terminal the line is rewritten, and makes way for what the cell prints", () => {
  const { written, reporter } = setUp(true);
  reporter.event(start);
  vi.advanceTimersByTime(100);
  reporter.stream({ name: "stdout", text: "half a ", index: 2 });
  vi.advanceTimersByTime(500);
  reporter.stream({ name: "stdout", text: "line\n", index: 2 });
  vi.advanceTimersByTime(100);
  reporter.event(end);
  expect(written.map((text) => text.replace(/\d\.\d s/, "T"))).toEqual([
    "E\r\x1b[2K[3/9] Load the tables T",
    "E\r\x1b[2K[3/9] Load the tables T",
    "E\r\x1b[2K",
    "Ohalf a ",
    "Oline\n",
    "E\r\x1b[2K[3/9] Load the tables T",
    "E\r\x1b[2K",
    "E[3/9] Load the tables: ✓ T\n",
  ]);
});

test("in a terminal an unfinished line is ended before the cell's own line", () => {
  const { written, reporter } = setUp(true);
  reporter.stream({ name: "stdout", text: "no end", index: 2 });
  reporter.event(end);
  reporter.close();
  expect(written).toEqual(["Ono end", "E\n[3/9] Load the tables: ✓ 2.4 s\n"]);
});

test("times are short to read", () => {
  expect([0.04, 12, 59.96, 185.2].map(formatSeconds)).toEqual(["0.0 s", "12.0 s", "1 min 00 s", "3 min 05 s"]);
});
