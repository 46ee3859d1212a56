import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CodeCell, Notebook } from "../../src/notebook/nbformat.ts";
import { parseNotebook } from "../../src/notebook/nbformat.ts";

/** The notebooks of the tests. */
export const fixtures = fileURLToPath(new URL("../fixtures/notebooks/", import.meta.url));
const program = fileURLToPath(new URL("../../bin/sluice.js", import.meta.url));

/** A code cell of a test notebook: its source, and its tags. */
export type TestCell = string | { source: string; tags: string[] };

/** A folder of a test's own. */
export class Workshop {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<Workshop> {
    return new Workshop(await mkdtemp(join(tmpdir(), "sluice-runner-")));
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Writes a notebook of these code cells. Returns its path. */
  async notebook(name: string, cells: TestCell[]): Promise<string> {
    const path = this.path(name);
    const asCell = (cell: TestCell, index: number) => ({
      cell_type: "code",
      id: `cell-${index}`,
      source: typeof cell === "string" ? cell : cell.source,
      metadata: typeof cell === "string" ? {} : { tags: cell.tags },
      execution_count: null,
      outputs: [],
    });
    const metadata = { kernelspec: { name: "sluice", display_name: "Sluice", language: "typescript" } };
    await writeFile(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells: cells.map(asCell) }));
    return path;
  }

  /** The code cells of an executed notebook. */
  async executed(name: string): Promise<CodeCell[]> {
    return codeCells(parseNotebook(await readFile(this.path(name), "utf8"), name));
  }
}

/** The code cells of a notebook. */
export function codeCells(notebook: Notebook): CodeCell[] {
  return notebook.cells.filter((cell) => cell.cell_type === "code");
}

/** All that a cell printed to standard output. */
export function stdoutOf(cell: CodeCell | undefined): string {
  return (cell?.outputs ?? [])
    .map((one) => (one.output_type === "stream" && one.name === "stdout" ? one.text : ""))
    .join("");
}

/** What a `sluice` process left. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A `sluice` process that runs. */
export interface RunningSluice {
  process: ChildProcess;
  ended: Promise<Ended>;
  /** Resolves when its standard output holds the text. */
  printed(text: string): Promise<void>;
}

/** Starts the `sluice` command. */
export function startSluice(args: string[], env: NodeJS.ProcessEnv = {}): RunningSluice {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended: Ended = { code: null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (ended.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (ended.stderr += text));
  let isClosed = false;
  const closed = new Promise<Ended>((resolve) => {
    child.once("close", (code) => {
      isClosed = true;
      resolve(Object.assign(ended, { code }));
    });
  });
  return {
    process: child,
    ended: closed,
    async printed(text) {
      while (!ended.stdout.includes(text)) {
        if (isClosed)
          throw new Error(
            `sluice ended (${child.exitCode ?? child.signalCode}) without printing ${text}:\n${ended.stderr}`,
          );
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  };
}

/** Runs the `sluice` command to its end. */
export function sluice(...args: string[]): Promise<Ended> {
  return startSluice(args).ended;
}

/** Whether a process is there and alive: one that only waits to be reaped by its parent is not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (!existsSync("/proc/self/stat")) return true;
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat[stat.lastIndexOf(")") + 2] !== "Z";
  } catch {
    return false;
  }
}
