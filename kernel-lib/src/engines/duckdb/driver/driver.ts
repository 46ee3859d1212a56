// One DuckDB instance: its settings, its pool of connections, its temporary folder.
import { rm } from "node:fs/promises";
import { rmSync } from "node:fs";
import { totalmem } from "node:os";

import type { DuckDBConnection } from "@duckdb/node-api";
import { DuckDBInstance } from "@duckdb/node-api";

import { SluiceError, messageOf } from "../../../errors.ts";
import { makeTempFolder } from "../../../temp-folder.ts";
import { duckdbError, quoteText } from "../errors.ts";
import { NativeFunctions } from "./native-functions.ts";
import { Operation } from "./operation.ts";
import { duckdbTimeZone, unknownTimeZone } from "./time-zone.ts";

/** Limits of an embedded engine. */
export interface DriverOptions {
  /** Memory DuckDB may use, such as `1GB`; half of the machine's when absent. More is spilled to the temporary folder. */
  readonly memoryLimit?: string;
  /** Where the private temporary folder is made; the system's when absent. */
  readonly tempDirectory?: string;
  /** Threads of a query; one for each core when absent. */
  readonly threads?: number;
}

/** What an operation starts with. */
export interface OperationOptions {
  /** `spark.sql.session.timeZone`. */
  readonly timeZone: string;
  readonly signal?: AbortSignal;
}

/** An open DuckDB instance. */
export interface Driver {
  /** The private folder for spilled data; removed by `close`. */
  readonly tempDirectory: string;
  /** Takes a connection for one operation; the caller ends it, whatever happens. */
  begin(options: OperationOptions): Promise<Operation>;
  /** Ends what still runs and frees everything. Calling it again does nothing. */
  close(): Promise<void>;
}

const IDLE_CONNECTIONS = 4;

/**
 * Opens an in-memory DuckDB that downloads no extension and spills to a private folder.
 *
 * @example
 * ```ts
 * import { parseSchema } from "sluice/sql";
 * const driver = await openDriver({ memoryLimit: "1GB" });
 * const operation = await driver.begin({ timeZone: "UTC" });
 * try {
 *   const schema = parseSchema("one INT NOT NULL");
 *   for await (const batch of operation.query("SELECT 1", schema, [])) console.log(batch.rowCount);
 * } finally {
 *   await operation.end();
 * }
 * ```
 */
export async function openDriver(options: DriverOptions = {}): Promise<Driver> {
  const tempDirectory = await makeTempFolder("sluice-", options.tempDirectory);
  try {
    const instance = await DuckDBInstance.create(":memory:", {
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
      // A frame of many steps is a query of as many levels. DuckDB's parser, which has a limit of its own, ends before this one.
      max_expression_depth: "10000",
      memory_limit: options.memoryLimit ?? defaultMemoryLimit(),
      temp_directory: tempDirectory,
      ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
    });
    return new OpenDriver(instance, tempDirectory);
  } catch (thrown) {
    await rm(tempDirectory, { recursive: true, force: true });
    throw new SluiceError("CONFIG_INVALID", "The embedded engine cannot start with these settings.", {
      next: "Check the memory limit (such as 1GB), the temporary folder and the number of threads.",
      cause: thrown,
    });
  }
}

function defaultMemoryLimit(): string {
  const machine = totalmem();
  const container = process.constrainedMemory();
  const bytes = container > 0 && container < machine ? container : machine;
  return `${Math.floor(bytes / 2 / 1024 / 1024)}MiB`;
}

class OpenDriver implements Driver {
  readonly tempDirectory: string;
  private readonly instance: DuckDBInstance;
  private readonly natives = new NativeFunctions();
  private readonly running = new Set<Operation>();
  private readonly idle: { connection: DuckDBConnection; timeZone: string }[] = [];
  private readonly removeTemp: () => void;
  private closed = false;

  constructor(instance: DuckDBInstance, tempDirectory: string) {
    this.instance = instance;
    this.tempDirectory = tempDirectory;
    // A process that exits without closing leaves no spilled data behind either.
    this.removeTemp = () => rmSync(tempDirectory, { recursive: true, force: true });
    process.once("exit", this.removeTemp);
  }

  async begin(options: OperationOptions): Promise<Operation> {
    if (this.closed) throw new SluiceError("USAGE", "The session is closed.", { next: "Make a new one." });
    const timeZone = duckdbTimeZone(options.timeZone);
    const connection = await this.connect(timeZone, options.timeZone);
    const operation = new Operation({
      connection,
      natives: this.natives,
      timeZone: options.timeZone,
      tempDirectory: this.tempDirectory,
      signal: options.signal,
      release: (reusable) => {
        this.running.delete(operation);
        if (reusable && !this.closed && this.idle.length < IDLE_CONNECTIONS) this.idle.push({ connection, timeZone });
        else connection.closeSync();
      },
    });
    this.running.add(operation);
    return operation;
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await Promise.all([...this.running].map((operation) => operation.end()));
    for (const { connection } of this.idle.splice(0)) connection.closeSync();
    this.instance.closeSync();
    process.removeListener("exit", this.removeTemp);
    await rm(this.tempDirectory, { recursive: true, force: true });
  }

  private async connect(timeZone: string, sparkName: string): Promise<DuckDBConnection> {
    const ready = this.idle.findIndex((candidate) => candidate.timeZone === timeZone);
    if (ready >= 0) return (this.idle.splice(ready, 1)[0] as (typeof this.idle)[number]).connection;
    const connection = await this.instance.connect();
    try {
      await connection.run(
        `SET enable_progress_bar = true; SET enable_progress_bar_print = false; SET TimeZone = ${quoteText(timeZone)}`,
      );
      return connection;
    } catch (thrown) {
      connection.closeSync();
      if (messageOf(thrown).includes("TimeZone")) throw unknownTimeZone(sparkName, thrown);
      throw duckdbError(thrown, { tempDirectory: this.tempDirectory });
    }
  }
}
