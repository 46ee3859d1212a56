// What a frame does when it is computed: the half of DataFrame whose members return promises.
import type { RecordBatch, Table } from "apache-arrow";
import type { Relation } from "../generated/spark/connect/relations_pb.ts";
import type { ActionOptions } from "./client.ts";
import type { Row, RowBase, UntypedRow } from "./row.ts";
import type { Session } from "./session.ts";
import type { StructType } from "./types/data-type.ts";
import { AnalyzePlanRequest_Explain_ExplainMode as ExplainMode } from "../generated/spark/connect/base_pb.ts";
import { SluiceError } from "../errors.ts";
import { checkInt, checkShow } from "./arguments.ts";
import { unsupported } from "./errors.ts";
import { displayBundle, frameTypeText } from "./display.ts";
import { createView, rootPlan } from "./plan/commands.ts";
import { call, literal } from "./plan/expressions.ts";
import { aggregate, relation } from "./plan/relations.ts";
import { collectColumns, collectRows, resultBatches, resultRows } from "./results.ts";
import { fromProto } from "./types/proto.ts";
import { simpleString, treeString } from "./types/text.ts";
import { inspectAs } from "./values/inspect.ts";

/** How `show` prints. */
export interface ShowOptions extends ActionOptions {
  /** Cut texts at 20 characters (true), never (false), or at this many. */
  readonly truncate?: boolean | number;
  /** One line a column instead of one a row. */
  readonly vertical?: boolean;
}

const explainModes: Record<string, ExplainMode> = {
  simple: ExplainMode.SIMPLE,
  extended: ExplainMode.EXTENDED,
  codegen: ExplainMode.CODEGEN,
  cost: ExplainMode.COST,
  formatted: ExplainMode.FORMATTED,
};

/** The actions of a {@link DataFrame}. Each computes the frame anew. */
export abstract class FrameActions<R extends object = UntypedRow> {
  /** The session that the frame belongs to. */
  readonly sparkSession: Session;
  /** @internal The frame's plan. */
  readonly plan: Relation;
  #schema: Promise<StructType> | undefined;
  #known: StructType | undefined;

  /** @internal Frames are made by a session. */
  constructor(sparkSession: Session, plan: Relation, schema?: StructType) {
    this.sparkSession = sparkSession;
    this.plan = plan;
    this.#known = schema;
  }

  /** @internal The schema, where it is known without asking the engine. */
  get knownSchema(): StructType | undefined {
    return this.#known;
  }

  /**
   * The names and types of the columns. Nothing runs: the engine only resolves the plan.
   *
   * @example
   * ```ts
   * const { fields } = await accounts.schema();
   * console.log(fields[0]?.name); // account_id
   * ```
   */
  async schema(): Promise<StructType> {
    if (this.#known) return this.#known;
    this.#schema ??= this.#askSchema();
    try {
      this.#known = await this.#schema;
      return this.#known;
    } catch (error) {
      this.#schema = undefined;
      throw error;
    }
  }

  async #askSchema(): Promise<StructType> {
    const result = await this.sparkSession.client.analyze({ case: "schema", value: { plan: rootPlan(this.plan) } });
    const type = result.case === "schema" && result.value.schema ? fromProto(result.value.schema) : undefined;
    if (type?.kind !== "struct") throw new SluiceError("PROTOCOL", "The engine did not answer with a schema.");
    return type;
  }

  /**
   * The names of the columns.
   *
   * @example
   * ```ts
   * console.log((await parties.columns()).join(" ")); // account_id party_id relation_type load_date
   * ```
   */
  async columns(): Promise<string[]> {
    return (await this.schema()).fields.map(({ name }) => name);
  }

  /**
   * Name and type of each column, such as `["age", "int"]`.
   *
   * @example
   * ```ts
   * const types = await accounts.dtypes();
   * console.log(types[1]?.join(" ")); // active_ind int
   * ```
   */
  async dtypes(): Promise<[string, string][]> {
    return (await this.schema()).fields.map(({ name, dataType }) => [name, simpleString(dataType)]);
  }

  /**
   * Prints the schema as a tree; `level` limits its depth.
   *
   * @example
   * ```ts
   * await accounts.select("account_id", "balance").printSchema();
   * // root
   * //  |-- account_id: string (nullable = true)
   * //  |-- balance: double (nullable = true)
   * ```
   */
  async printSchema(level?: number): Promise<void> {
    console.log(treeString(await this.schema(), level));
  }

  /**
   * Prints the first rows as PySpark's table.
   *
   * @param n - how many rows
   * @param truncate - cut texts at 20 characters (true), never (false), or at this many; or all options as an object
   * @param vertical - one line a column instead of one a row
   * @example
   * ```ts
   * await accounts.show();
   * await accounts.show(5, false);
   * ```
   */
  async show(n = 20, truncate: boolean | number | ShowOptions = true, vertical = false): Promise<void> {
    console.log(await this.showString(n, truncate, vertical));
  }

  /**
   * The text that {@link FrameActions.show} prints.
   *
   * @example
   * ```ts
   * const table = await accounts.showString(5);
   * ```
   */
  async showString(n = 20, truncate: boolean | number | ShowOptions = true, vertical = false): Promise<string> {
    const given: boolean | number | ShowOptions | null = truncate;
    const options: ShowOptions = typeof given === "object" ? (given ?? {}) : { truncate: given, vertical };
    const cut = options.truncate ?? true;
    checkShow(n, cut, options.vertical ?? vertical);
    const width = cut === true ? 20 : cut === false ? 0 : cut;
    const value = { input: this.plan, numRows: n, truncate: width, vertical: options.vertical ?? vertical };
    const rows = await collectRows(this.sparkSession.client, relation({ case: "showString", value }), options);
    const text = rows[0]?.get(0);
    return typeof text === "string" ? text : "";
  }

  /**
   * Prints how the engine will compute the frame.
   *
   * @example
   * ```ts
   * await accounts.filter("active_ind = 1").explain();
   * ```
   */
  async explain(mode: boolean | "simple" | "extended" | "codegen" | "cost" | "formatted" = "simple"): Promise<void> {
    const name = mode === true ? "extended" : mode === false ? "simple" : mode;
    const result = await this.sparkSession.client.analyze({
      case: "explain",
      value: { plan: rootPlan(this.plan), explainMode: explainModes[name] ?? ExplainMode.SIMPLE },
    });
    console.log(result.case === "explain" ? result.value.explainString : "");
  }

  /**
   * All rows, in memory. See {@link RowBase} for how values are read.
   *
   * @example
   * ```ts
   * const rows = await accounts.orderBy("account_id").collect();
   * console.log(rows[0]?.country); // Canada
   * ```
   */
  async collect(options: ActionOptions = {}): Promise<Row<R>[]> {
    return typed(await collectRows(this.sparkSession.client, this.plan, options));
  }

  #limited(limit: number): Relation {
    checkInt("num", limit, "Write how many rows to give, such as take(5).");
    return relation({ case: "limit", value: { input: this.plan, limit } });
  }

  /**
   * The first `num` rows.
   *
   * @example
   * ```ts
   * const some = await accounts.take(2);
   * ```
   */
  async take(num: number, options: ActionOptions = {}): Promise<Row<R>[]> {
    return typed(await collectRows(this.sparkSession.client, this.#limited(num), options));
  }

  /**
   * The first row, or null; with a number, that many rows.
   *
   * @example
   * ```ts
   * const row = await accounts.head();
   * ```
   */
  head(): Promise<Row<R> | null>;
  head(n: number): Promise<Row<R>[]>;
  async head(n?: number): Promise<Row<R> | null | Row<R>[]> {
    return n === undefined ? this.first() : this.take(n);
  }

  /**
   * The first row, or null when there is none.
   *
   * @example
   * ```ts
   * const row = await accounts.orderBy("account_id").first();
   * console.log(row?.account_id); // 6982391060
   * ```
   */
  async first(options: ActionOptions = {}): Promise<Row<R> | null> {
    return (await this.take(1, options))[0] ?? null;
  }

  /**
   * The last `num` rows.
   *
   * @example
   * ```ts
   * const last = await accounts.tail(1);
   * ```
   */
  async tail(num: number, options: ActionOptions = {}): Promise<Row<R>[]> {
    checkInt("num", num, "Write how many rows to give, such as tail(5).");
    const tail = relation({ case: "tail", value: { input: this.plan, limit: num } });
    return typed(await collectRows(this.sparkSession.client, tail, options));
  }

  /**
   * The number of rows.
   *
   * @example
   * ```ts
   * console.log(await accounts.count()); // 3
   * ```
   */
  async count(options: ActionOptions = {}): Promise<number> {
    const counted = aggregate(this.plan, { type: "groupby", expressions: [] }, [call("count", [literal(1)])]);
    const rows = await collectRows(this.sparkSession.client, counted, options);
    return Number(rows[0]?.get(0) ?? 0);
  }

  /**
   * Whether there is no row.
   *
   * @example
   * ```ts
   * console.log(await accounts.filter("balance < 0").isEmpty()); // true
   * ```
   */
  async isEmpty(options: ActionOptions = {}): Promise<boolean> {
    return (await this.take(1, options)).length === 0;
  }

  /**
   * All rows as an Arrow table of the `apache-arrow` package; see {@link FrameActions.toArrowBatches}.
   *
   * @example
   * ```ts
   * const table = await accounts.toArrow();
   * console.log(table.numRows); // 3
   * ```
   */
  async toArrow(options: ActionOptions = {}): Promise<Table> {
    const batches: RecordBatch[] = [];
    for await (const batch of this.toArrowBatches(options)) batches.push(batch);
    const { Table: ArrowTable } = await import("apache-arrow");
    return batches.length > 0 ? new ArrowTable(batches) : new ArrowTable();
  }

  /**
   * The rows as Arrow batches, one in memory at a time. Leaving the loop ends the operation.
   *
   * @throws SparkError `UNSUPPORTED_FEATURE` when two columns have one name: Arrow's JavaScript library mixes up their types
   */
  async *toArrowBatches(options: ActionOptions = {}): AsyncGenerator<RecordBatch, void, undefined> {
    for await (const { schema, batch } of resultBatches(this.sparkSession.client, this.plan, options)) {
      checkDistinctNames(schema);
      yield batch;
    }
  }

  /**
   * The rows one by one, with one batch in memory at a time. Leaving the loop ends the operation.
   *
   * @example
   * ```ts
   * for await (const row of accounts.toLocalIterator()) console.log(row.account_id);
   * ```
   */
  async *toLocalIterator(options: ActionOptions = {}): AsyncGenerator<Row<R>, void, undefined> {
    for await (const row of resultRows(this.sparkSession.client, this.plan, options)) yield row as Row<R>;
  }

  /**
   * Calls a function with each row, in order, in this process.
   *
   * @example
   * ```ts
   * await accounts.foreach((row) => console.log(row.account_id));
   * ```
   */
  async foreach(action: (row: Row<R>) => void | Promise<void>, options: ActionOptions = {}): Promise<void> {
    for await (const row of this.toLocalIterator(options)) await action(row);
  }

  /**
   * All values of one column; without a name, of every column by name. Much quicker than rows.
   *
   * @example
   * ```ts
   * const ids = await accounts.toArray("account_id");
   * ```
   */
  toArray<K extends keyof R & string>(column: K, options?: ActionOptions): Promise<R[K][]>;
  toArray(): Promise<{ [K in keyof R]: R[K][] }>;
  async toArray(column?: string, options: ActionOptions = {}): Promise<unknown> {
    const wanted = column === undefined ? this.plan : this.selected(column);
    const { schema, columns } = await collectColumns(this.sparkSession.client, wanted, options);
    if (column !== undefined) return columns[0] ?? [];
    return Object.fromEntries(schema.fields.map(({ name }, index) => [name, columns[index] ?? []]));
  }

  /** @internal The plan of one column. */
  protected abstract selected(column: string): Relation;

  /**
   * Names the frame for SQL in this session, replacing another view of that name.
   *
   * @example
   * ```ts
   * await accounts.createOrReplaceTempView("accounts");
   * await spark.sql("SELECT count(*) FROM accounts");
   * ```
   */
  async createOrReplaceTempView(name: string): Promise<void> {
    await this.#view(name, { isGlobal: false, replace: true });
  }

  /**
   * Names the frame for SQL in this session; fails when the name is taken.
   *
   * @example
   * ```ts
   * await accounts.limit(1).createTempView("one_account");
   * ```
   */
  async createTempView(name: string): Promise<void> {
    await this.#view(name, { isGlobal: false, replace: false });
  }

  /**
   * Names the frame for all sessions of the engine, as `global_temp.name`; fails when the name is taken.
   *
   * @example
   * ```ts
   * await accounts.createGlobalTempView("shared_once");
   * await spark.sql("SELECT * FROM global_temp.shared_once");
   * ```
   */
  async createGlobalTempView(name: string): Promise<void> {
    await this.#view(name, { isGlobal: true, replace: false });
  }

  /**
   * Names the frame for all sessions of the engine, as `global_temp.name`.
   *
   * @example
   * ```ts
   * await accounts.createOrReplaceGlobalTempView("shared");
   * await spark.sql("SELECT * FROM global_temp.shared");
   * ```
   */
  async createOrReplaceGlobalTempView(name: string): Promise<void> {
    await this.#view(name, { isGlobal: true, replace: true });
  }

  async #view(name: string, options: { isGlobal: boolean; replace: boolean }): Promise<void> {
    await this.sparkSession.client.run(createView(this.plan, name, options));
  }

  /** Shows the first 20 rows when the frame is the last value of a notebook cell. */
  async [Symbol.for("Jupyter.display")](): Promise<Record<string, string>> {
    return displayBundle(this.sparkSession.client, this.plan, await this.schema());
  }

  /** Tells a notebook the frame's TypeScript type, once the engine is open. */
  async [Symbol.for("jupyter.typeOf")](): Promise<string | undefined> {
    if (!this.#known && !this.sparkSession.isOpen) return undefined;
    return frameTypeText(await this.schema());
  }

  /** `DataFrame[a: int, b: string]` once the schema is known. */
  toString(): string {
    if (!this.#known) return "DataFrame[schema not resolved yet]";
    return `DataFrame[${this.#known.fields.map(({ name, dataType }) => `${name}: ${simpleString(dataType)}`).join(", ")}]`;
  }

  [inspectAs](): string {
    return this.toString();
  }
}

function checkDistinctNames(schema: StructType): void {
  const names = schema.fields.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw unsupported(
      `An Arrow table with two columns named \`${twice}\``,
      "Rename them with toDF(), or use collect().",
    );
  }
}

function typed<R extends object>(rows: readonly RowBase[]): Row<R>[] {
  return rows as Row<R>[];
}
