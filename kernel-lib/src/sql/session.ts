// Session: where frames come from.
import type { Table } from "apache-arrow";
import type { Engine } from "../engines/engine.ts";
import type { Relation } from "../generated/spark/connect/relations_pb.ts";
import type { SchemaLike } from "./local-data/local-data.ts";
import type { Progress } from "./client.ts";
import type { StructType } from "./types/data-type.ts";
import type { OptionValue } from "./writer.ts";
import type { UntypedRow } from "./row.ts";
import { Catalog } from "./catalog.ts";
import { Client } from "./client.ts";
import { DataFrame } from "./dataframe.ts";
import { localRows } from "./local-data/local-data.ts";
import { localTable } from "./local-data/local-table.ts";
import { namedTable, range } from "./plan/relations.ts";
import { DataFrameReader } from "./reader.ts";
import { RuntimeConfig } from "./runtime-config.ts";
import { EngineLoader, isEngineKey, remoteEngine } from "./session-engine.ts";
import { runSql } from "./sql-statement.ts";

/** What a session can be made with. */
export interface SessionOptions {
  /** Settings by key: Spark's, and `sluice.memoryLimit`, `sluice.tempDirectory`, `sluice.threads` of the embedded engine. */
  readonly config?: Readonly<Record<string, OptionValue>>;
  /** The signal that ends running operations, asked for at the start of each: a notebook's stop button. */
  readonly interruptSignal?: () => AbortSignal | undefined;
  /** Another engine than the embedded one. */
  readonly engine?: () => Promise<Engine>;
}

/**
 * The way to frames: PySpark's `SparkSession`.
 *
 * The engine is loaded when it is first needed. The embedded one runs in this process, from npm packages alone.
 *
 * @example
 * ```ts
 * const spark = await Session.builder.appName("daily load").getOrCreate();
 * await spark.range(3).show();
 * await spark.stop();
 * ```
 */
export class Session {
  /** @internal */
  readonly client: Client;
  readonly #loader: EngineLoader;
  readonly #options: SessionOptions;
  readonly #ownsEngine: boolean;

  /** @internal Use `Session.builder` or `Session.lazy`. */
  constructor(options: SessionOptions, loader?: EngineLoader) {
    const texts = Object.fromEntries(Object.entries(options.config ?? {}).map(([key, value]) => [key, String(value)]));
    const settings = Object.entries(texts).filter(([key]) => !isEngineKey(key));
    this.#options = options;
    this.#ownsEngine = loader === undefined;
    this.#loader = loader ?? new EngineLoader(texts, options.engine);
    this.client = new Client({
      engine: () => this.#loader.get(),
      settings,
      ...(options.interruptSignal ? { interruptSignal: options.interruptSignal } : {}),
    });
  }

  /** Starts a session: `await Session.builder.appName("job").config("spark.sql.session.timeZone", "UTC").getOrCreate()`. */
  static get builder(): SessionBuilder {
    return new SessionBuilder({});
  }

  /**
   * A session at once, without waiting: its engine is loaded by the first action. `getOrCreate` gives it from now on, as
   * long as it is not stopped.
   */
  static lazy(options: SessionOptions = {}): Session {
    active = new Session(options);
    return active;
  }

  /** @internal Applies a builder's settings to a session that exists. */
  async configure(config: Readonly<Record<string, OptionValue>>): Promise<void> {
    this.#loader.configure(Object.fromEntries(Object.entries(config).map(([key, value]) => [key, String(value)])));
    const settings = Object.entries(config).filter(([key]) => !isEngineKey(key));
    for (const [key, value] of settings) await this.conf.set(key, value);
  }

  /** Whether the engine has been loaded. */
  get isOpen(): boolean {
    return this.#loader.isOpen;
  }

  /** Loads the engine now, so that the first action need not. */
  async open(): Promise<this> {
    await this.#loader.get();
    return this;
  }

  /** @internal A frame of this session. */
  frame<R extends object = UntypedRow>(relation: Relation, schema?: StructType): DataFrame<R> {
    return new DataFrame<R>(this, relation, schema);
  }

  /** Reads files, tables and other systems: `spark.read.parquet(path)`. */
  get read(): DataFrameReader {
    return new DataFrameReader((relation) => this.frame(relation));
  }

  /**
   * A table or view by name.
   *
   * @example
   * ```ts
   * spark.table("accounts").filter("active_ind = 1");
   * ```
   */
  table(tableName: string): DataFrame {
    return this.frame(namedTable(tableName));
  }

  /**
   * The rows of an SQL statement. Parameters are bound, never pasted into the text.
   *
   * As in PySpark, a statement that changes something (`CREATE VIEW`, `INSERT`, `USE`) runs at once; a query runs with the
   * frame's first action.
   *
   * @example
   * ```ts
   * await spark.sql`SELECT * FROM parties WHERE load_date = ${day}`;
   * await spark.sql("SELECT * FROM parties WHERE load_date = :day", { day });
   * await spark.sql("SELECT * FROM parties WHERE load_date = ?", [day]);
   * ```
   */
  async sql(text: TemplateStringsArray, ...values: readonly unknown[]): Promise<DataFrame>;
  async sql(text: string, args?: Readonly<Record<string, unknown>> | readonly unknown[]): Promise<DataFrame>;
  async sql(text: TemplateStringsArray | string, ...values: readonly unknown[]): Promise<DataFrame> {
    return this.frame(await runSql(this.client, text, values));
  }

  /**
   * Whole numbers in a column `id` of BIGINT: from 0 to `end` (left out), or from `start` in steps.
   *
   * @example
   * ```ts
   * console.log((await spark.range(1, 10, 3).toArray("id")).join()); // 1,4,7
   * ```
   */
  range(end: number | bigint): DataFrame;
  range(start: number | bigint, end: number | bigint, step?: number | bigint, numPartitions?: number): DataFrame;
  range(first: number | bigint, end?: number | bigint, step: number | bigint = 1, numPartitions?: number): DataFrame {
    const [from, to] = end === undefined ? [0n, BigInt(first)] : [BigInt(first), BigInt(end)];
    return this.frame(range(from, to, BigInt(step), numPartitions));
  }

  /**
   * A frame of the program's own values.
   *
   * Without a schema, types are found as PySpark finds them: whole numbers are BIGINT, other numbers DOUBLE, `Date` is
   * TIMESTAMP, nested plain objects are STRUCT (PySpark makes MAP of a dict; use a `Map` for that). Unlike PySpark, columns keep
   * the order in which the objects have them.
   *
   * @param data - rows as objects or arrays, or an Arrow table
   * @param schema - DDL text, `StructType`, or the columns' names
   * @throws SparkError when a value does not fit its type; nothing is rounded or cut
   * @example
   * ```ts
   * spark.createDataFrame([{ id: 1, name: "Ada" }, { id: 2, name: null }]);
   * spark.createDataFrame([[1, "Ada"]], "id INT, name STRING");
   * ```
   */
  createDataFrame<R extends object = UntypedRow>(data: readonly unknown[] | Table, schema?: SchemaLike): DataFrame<R> {
    const local = Array.isArray(data)
      ? localRows(data as readonly unknown[], schema)
      : localTable(data as Table, schema);
    return this.frame<R>(local.relation, local.schema);
  }

  /** A frame without rows or columns. */
  get emptyDataFrame(): DataFrame {
    return this.createDataFrame([], "");
  }

  /** The tables and views that the session knows. */
  get catalog(): Catalog {
    return new Catalog(this);
  }

  /** The session's settings. */
  get conf(): RuntimeConfig {
    return new RuntimeConfig(this.client);
  }

  /**
   * The version of Spark whose behaviour the engine has.
   *
   * @example
   * ```ts
   * console.log(await spark.version()); // 4.0.1
   * ```
   */
  async version(): Promise<string> {
    const result = await this.client.analyze({ case: "sparkVersion", value: {} });
    return result.case === "sparkVersion" ? result.value.version : "";
  }

  /**
   * Tells a listener of the progress of every operation, until the function returned is called.
   *
   * @example
   * ```ts
   * const end = spark.onProgress((progress) => console.log(progress));
   * end();
   * ```
   */
  onProgress(listener: (progress: Progress) => void): () => void {
    this.client.progressListeners.add(listener);
    return () => void this.client.progressListeners.delete(listener);
  }

  /**
   * Ends all running operations of the session; gives their ids.
   *
   * @example
   * ```ts
   * await spark.interruptAll();
   * ```
   */
  async interruptAll(): Promise<string[]> {
    return this.#loader.isOpen ? this.client.interruptAll() : [];
  }

  /**
   * Another session on the same engine, with settings and temporary views of its own.
   *
   * @example
   * ```ts
   * const other = spark.newSession();
   * await other.stop();
   * ```
   */
  newSession(): Session {
    return new Session(this.#options, this.#loader);
  }

  /**
   * Ends the session; with the engine, when the session started it. Calling it again does nothing.
   *
   * @example
   * ```ts
   * const own = await Session.builder.create();
   * await own.stop();
   * ```
   */
  async stop(): Promise<void> {
    this.client.close();
    if (active === this) active = undefined;
    if (this.#ownsEngine) await this.#loader.close();
  }

  /** {@link Session.stop}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

let active: Session | undefined;

/**
 * Collects what a session needs; made by `Session.builder`.
 *
 * @example
 * ```ts
 * const own = await Session.builder.appName("daily load").config("sluice.memoryLimit", "1GB").create();
 * await own.stop();
 * ```
 */
export class SessionBuilder {
  readonly #options: SessionOptions;
  readonly #url: string | undefined;

  /** @internal */
  constructor(options: SessionOptions, url?: string) {
    this.#options = options;
    this.#url = url;
  }

  /**
   * A name for the application, shown by a cluster.
   *
   * @example
   * ```ts
   * const own = await Session.builder.appName("daily load").create();
   * await own.stop();
   * ```
   */
  appName(name: string): SessionBuilder {
    return this.config("spark.app.name", name);
  }

  /**
   * A setting.
   *
   * @example
   * ```ts
   * const own = await Session.builder.config("spark.sql.session.timeZone", "UTC").create();
   * await own.stop();
   * ```
   */
  config(key: string, value: OptionValue): SessionBuilder {
    return new SessionBuilder({ ...this.#options, config: { ...this.#options.config, [key]: value } }, this.#url);
  }

  /** The address of a Spark Connect server (`sc://host:15002`). Not supported yet: `getOrCreate` says so. */
  remote(url: string): SessionBuilder {
    return new SessionBuilder(this.#options, url);
  }

  /** Another engine than the embedded one. */
  engine(engine: () => Promise<Engine>): SessionBuilder {
    return new SessionBuilder({ ...this.#options, engine }, this.#url);
  }

  /**
   * The session that `getOrCreate` gave before and that is not stopped, with these settings applied; else a new one.
   *
   * @throws SparkError `UNSUPPORTED_FEATURE` after `remote(url)`
   * @throws SluiceError `CONFIG_INVALID` when a setting of the engine comes after its start
   * @example
   * ```ts
   * const own = await Session.builder.getOrCreate();
   * await own.stop();
   * ```
   */
  async getOrCreate(): Promise<Session> {
    if (active && this.#url === undefined && this.#options.engine === undefined) {
      await active.configure(this.#options.config ?? {});
      return active;
    }
    const session = await this.create();
    active = session;
    return session;
  }

  /**
   * A new session with an engine of its own.
   *
   * @example
   * ```ts
   * await using own = await Session.builder.create();
   * console.log(await own.range(2).count()); // 2
   * ```
   */
  async create(): Promise<Session> {
    const url = this.#url;
    const options = url === undefined ? this.#options : { ...this.#options, engine: async () => remoteEngine(url) };
    return new Session(options).open();
  }
}
