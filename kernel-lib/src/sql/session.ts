// Session: where frames come from.
import type { RecordBatch, Table } from "apache-arrow";
import type { Engine } from "../engines/engine.ts";
import type { Relation } from "../generated/spark/connect/relations_pb.ts";
import type { SchemaLike } from "./local-data/local-data.ts";
import type { Progress } from "./client.ts";
import type { StructType } from "./types/data-type.ts";
import type { OptionValue } from "./writer.ts";
import type { UntypedRow } from "./row.ts";
import { SluiceError } from "../errors.ts";
import { Catalog } from "./catalog.ts";
import { Client } from "./client.ts";
import { DataFrame } from "./dataframe.ts";
import { checkRows, localRows } from "./local-data/local-data.ts";
import { localBatches, localTable } from "./local-data/local-table.ts";
import { namedTable, range } from "./plan/relations.ts";
import { DataFrameReader } from "./reader.ts";
import { RuntimeConfig } from "./runtime-config.ts";
import type { RemoteOptions } from "./session-engine.ts";
import { uploads } from "./artifacts.ts";
import type { ArtifactOptions } from "./artifacts.ts";
import { EngineLoader, isEngineKey, remoteEngine } from "./session-engine.ts";
import { runSql } from "./sql-statement.ts";

/** What a session can be made with. */
export interface SessionOptions {
  /** Settings by key: Spark's, and `sluice.memoryLimit`, `sluice.tempDirectory`, `sluice.threads` of the embedded engine. */
  readonly config?: Readonly<Record<string, OptionValue>>;
  /** The signal that ends running operations, asked for at the start of each: a notebook's stop button. */
  readonly interruptSignal?: (() => AbortSignal | undefined) | undefined;
  /** Told of each wait for the engine, so that a notebook's cell does not end before what it asked for, awaited or not. */
  readonly keepCellOpen?: ((work: Promise<unknown>) => void) | undefined;
  /** Another engine than the embedded one. */
  readonly engine?: () => Promise<Engine>;
  /**
   * The address of a Spark Connect server; else the one of the environment variable `SPARK_REMOTE`. `local` is the embedded
   * engine.
   */
  readonly remote?: string;
  readonly remoteOptions?: RemoteOptions;
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
    this.#loader = loader ?? new EngineLoader(texts, engineOf(options, texts));
    this.client = new Client({
      engine: () => this.#loader.get(),
      settings,
      adoptsSession: this.#ownsEngine,
      ...notebookOf(options),
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

  /** @internal The notebook that the session is used in. */
  get notebook(): NotebookOptions {
    return notebookOf(this.#options);
  }

  /** @internal Whether the session is on the server of that address. */
  isOn(url: string): boolean {
    return remoteOf(this.#options) === remoteOf({ remote: url });
  }

  /**
   * Whether the session is on a server, and not on the embedded engine.
   *
   * @example
   * ```ts
   * console.log(spark.isRemote); // false
   * ```
   */
  get isRemote(): boolean {
    return this.#options.engine === undefined && remoteOf(this.#options) !== undefined;
  }

  /** Whether the engine has been loaded. */
  get isOpen(): boolean {
    return this.#loader.isOpen;
  }

  /**
   * Loads the engine now, so that the first action need not.
   *
   * @example
   * ```ts
   * const session = await Session.lazy().open();
   * console.log(session.isOpen); // true
   * ```
   */
  async open(): Promise<this> {
    await this.client.open();
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
   * Arrow batches that come one after the other, such as those of a frame of another session, are taken as they come, and their
   * bytes kept. Only columns that are not in Spark's own Arrow types, such as dictionaries, are read value by value.
   *
   * @param data - rows as objects or arrays, an Arrow table, or a stream of Arrow batches
   * @param schema - DDL text, `StructType`, or the columns' names
   * @returns the frame; for a stream of batches a promise of it, which resolves when the last one has come
   * @throws SparkError when a value does not fit its type; nothing is rounded or cut
   * @example
   * ```ts
   * spark.createDataFrame([{ id: 1, name: "Ada" }, { id: 2, name: null }]);
   * spark.createDataFrame([[1, "Ada"]], "id INT, name STRING");
   * const other = spark.newSession();
   * await spark.createDataFrame(other.range(5).toArrowBatches());
   * ```
   */
  createDataFrame<R extends object = UntypedRow>(data: readonly unknown[] | Table, schema?: SchemaLike): DataFrame<R>;
  createDataFrame<R extends object = UntypedRow>(
    data: AsyncIterable<RecordBatch>,
    schema?: SchemaLike,
  ): Promise<DataFrame<R>>;
  createDataFrame<R extends object = UntypedRow>(
    data: readonly unknown[] | Table | AsyncIterable<RecordBatch>,
    schema?: SchemaLike,
  ): DataFrame<R> | Promise<DataFrame<R>> {
    checkRows(data);
    if (Symbol.asyncIterator in data) {
      return localBatches(data, schema).then((local) => this.frame<R>(local.relation, local.schema));
    }
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
    return this.#loader.isOpen ? this.client.interrupt("all") : [];
  }

  /**
   * Ends the running operations that carry a tag; gives their ids.
   *
   * @example
   * ```ts
   * spark.addTag("nightly");
   * await spark.interruptTag("nightly");
   * spark.removeTag("nightly");
   * ```
   */
  async interruptTag(tag: string): Promise<string[]> {
    checkTag(tag);
    return this.#loader.isOpen ? this.client.interrupt({ tag }) : [];
  }

  /**
   * Ends one running operation; gives its id, or nothing when it does not run.
   *
   * @example
   * ```ts
   * console.log(await spark.interruptOperation("6d3f1a44-3f64-4f3c-8f43-2f7f0a7d3c11")); // []
   * ```
   */
  async interruptOperation(operationId: string): Promise<string[]> {
    return this.#loader.isOpen ? this.client.interrupt({ operationId }) : [];
  }

  /**
   * Marks the operations that this session starts from now on, for {@link Session.interruptTag}. A cluster shows the tag.
   *
   * @throws SluiceError `USAGE` for an empty tag, or one with a comma
   * @example
   * ```ts
   * spark.addTag("nightly");
   * console.log(spark.getTags()); // Set(1) { 'nightly' }
   * spark.clearTags();
   * ```
   */
  addTag(tag: string): void {
    checkTag(tag);
    this.client.tags.add(tag);
  }

  /**
   * Takes a tag from the operations that start from now on; a tag that is not there is no error.
   *
   * @example
   * ```ts
   * spark.removeTag("nightly");
   * ```
   */
  removeTag(tag: string): void {
    checkTag(tag);
    this.client.tags.delete(tag);
  }

  /**
   * The tags that operations of this session carry.
   *
   * @example
   * ```ts
   * console.log(spark.getTags().size); // 0
   * ```
   */
  getTags(): ReadonlySet<string> {
    return new Set(this.client.tags);
  }

  /**
   * Takes all tags away.
   *
   * @example
   * ```ts
   * spark.clearTags();
   * ```
   */
  clearTags(): void {
    this.client.tags.clear();
  }

  /**
   * Uploads files to the session on a cluster: jars for its class path, or files that the cluster's tasks can read.
   *
   * @param paths - files on this machine; several may follow one another before the options
   * @param options - `file: true` for a plain file, `archive: true` for one to unpack; without either, jars
   * @throws SluiceError `NOT_FOUND` for a file that is not there, `USAGE` for another kind of file; SparkError
   *   `UNSUPPORTED_FEATURE` on the embedded engine, whose own files need no upload
   * @example
   * ```ts no-run it needs a cluster
   * await spark.addArtifacts("functions.jar");
   * await spark.addArtifacts("lookup.csv", { file: true });
   * ```
   */
  async addArtifacts(...pathsAndOptions: readonly (string | ArtifactOptions)[]): Promise<void> {
    await this.client.addArtifacts(await uploads(pathsAndOptions));
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
    if (active === this) active = undefined;
    await this.client.close();
    if (this.#ownsEngine) await this.#loader.close();
  }

  /** {@link Session.stop}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

let active: Session | undefined;

type NotebookOptions = Pick<SessionOptions, "interruptSignal" | "keepCellOpen">;

/** A notebook is that of all its sessions, not only of the first. */
function notebookOf({ interruptSignal, keepCellOpen }: NotebookOptions): NotebookOptions {
  return { interruptSignal, keepCellOpen };
}

/** The maker of another engine than the embedded one, where the options or the environment ask for one. */
function engineOf(
  options: SessionOptions,
  settings: Readonly<Record<string, string>>,
): (() => Promise<Engine>) | undefined {
  const url = options.engine ? undefined : remoteOf(options);
  if (url === undefined) return options.engine;
  const own = Object.keys(settings).find(isEngineKey);
  if (own !== undefined) {
    throw new SluiceError(
      "CONFIG_INVALID",
      `The setting ${own} is of the embedded engine, and this session is on a server.`,
      {
        next: "Leave it out, or leave out remote(url) and SPARK_REMOTE.",
      },
    );
  }
  return () => remoteEngine(url, options.remoteOptions);
}

/** The address of the server that the options or the environment name; undefined for the embedded engine. */
function remoteOf({ remote }: SessionOptions): string | undefined {
  const url = remote ?? (process.env["SPARK_REMOTE"] || undefined);
  return url === undefined || /^local\b/.test(url) ? undefined : url;
}

function checkTag(tag: string): void {
  if (tag === "" || tag.includes(",")) {
    throw new SluiceError("USAGE", "A tag must not be empty, nor have a comma.", { next: "Give another one." });
  }
}

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

  /** @internal */
  constructor(options: SessionOptions) {
    this.#options = options;
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
    return new SessionBuilder({ ...this.#options, config: { ...this.#options.config, [key]: value } });
  }

  /**
   * A Spark Connect server in place of the embedded engine: the same program, on a cluster.
   *
   * @param url - Spark's own connection string: `sc://host:port/;token=…;use_ssl=true;user_id=…;session_id=…;x-header=…`. A
   *   parameter that Spark does not name is sent as a header with each request. Without a call of this, the environment variable
   *   `SPARK_REMOTE` is asked; `local` is the embedded engine
   * @param options - certificates to trust, and how faults of the network are waited for
   * @example
   * ```ts no-run it needs a server
   * const cluster = await Session.builder.remote("sc://spark:15002").create();
   * ```
   */
  remote(url: string, options: RemoteOptions = {}): SessionBuilder {
    return new SessionBuilder({ ...this.#options, remote: url, remoteOptions: options });
  }

  /** Another engine than the embedded one. */
  engine(engine: () => Promise<Engine>): SessionBuilder {
    return new SessionBuilder({ ...this.#options, engine });
  }

  /**
   * The session that `getOrCreate` gave before and that is not stopped, with these settings applied; else a new one.
   *
   * @throws SluiceError `CONFIG_INVALID` when a setting of the engine comes after its start, or for a wrong address;
   *   `SERVICE_UNAVAILABLE`, `NOT_FOUND` and `AUTHENTICATION_FAILED` when the server cannot be reached or does not let us in
   * @example
   * ```ts
   * const own = await Session.builder.getOrCreate();
   * await own.stop();
   * ```
   */
  async getOrCreate(): Promise<Session> {
    const { engine, remote } = this.#options;
    if (active && engine === undefined && (remote === undefined || active.isOn(remote))) {
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
    return new Session({ ...active?.notebook, ...this.#options }).open();
  }
}
