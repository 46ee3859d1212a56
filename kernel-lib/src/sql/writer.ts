// DataFrameWriter: saves a frame to files, tables or other systems.
import type {
  ExecutePlanResponse,
  ExecutePlanResponse_ObservedMetrics as Observed,
} from "../generated/spark/connect/base_pb.ts";
import type { Relation } from "../generated/spark/connect/relations_pb.ts";
import type { ActionOptions, Client } from "./client.ts";
import type { Write } from "./plan/commands.ts";
import { SluiceError } from "../errors.ts";
import { saveModeOf, writePlan } from "./plan/commands.ts";
import { valueOfLiteral } from "./plan/literal-values.ts";

/** What happens when the target exists already. */
export type SaveMode = "append" | "overwrite" | "ignore" | "error" | "errorifexists" | "default";

/** The value of an option; it is sent as text. */
export type OptionValue = string | number | bigint | boolean;

/** What a write did, as far as the engine tells. */
export interface WriteReport {
  /** Rows written; undefined when the engine does not tell, as Spark itself. */
  readonly rows?: number;
  /** Bytes written. */
  readonly bytes?: number;
  /** Everything the engine told, by name: such as `acknowledged` and `rejected` of a Kafka write. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** Name of the metric in which an engine reports a write. */
const REPORT = "sluice.write";

/** Options as the text that plans carry. */
export function optionText(value: OptionValue): string {
  return String(value);
}

/**
 * Saves a frame. Nothing is written before `save`, `saveAsTable`, `insertInto` or a format's own method.
 *
 * @example
 * ```ts
 * await events.write.mode("overwrite").partitionBy("load_date").parquet("az://events/daily/");
 * const servers = "127.0.0.1:9092";
 * const records = events.select("key", "value");
 * await records.write.format("kafka").option("kafka.bootstrap.servers", servers).option("topic", "events").save();
 * ```
 */
export class DataFrameWriter {
  readonly #client: Client;
  readonly #input: Relation;
  readonly #write: Write;

  /** @internal */
  constructor(
    client: Client,
    input: Relation,
    write: Write = { options: {}, partitioningColumns: [], sortColumns: [] },
  ) {
    this.#client = client;
    this.#input = input;
    this.#write = write;
  }

  #with(change: Partial<Write>): DataFrameWriter {
    return new DataFrameWriter(this.#client, this.#input, { ...this.#write, ...change });
  }

  /**
   * What to do when the target exists: `error` unless told.
   *
   * @throws SparkError `INVALID_SAVE_MODE`
   * @example
   * ```ts
   * await accounts.write.mode("overwrite").parquet("accounts");
   * ```
   */
  mode(saveMode: SaveMode): DataFrameWriter {
    saveModeOf(saveMode);
    return this.#with({ mode: saveMode });
  }

  /**
   * The format: `parquet` (unless told), `csv`, `json`, `text`, `kafka`.
   *
   * @example
   * ```ts
   * await accounts.write.format("json").mode("overwrite").save("accounts-by-format");
   * ```
   */
  format(source: string): DataFrameWriter {
    return this.#with({ format: source });
  }

  /**
   * One option of the format.
   *
   * @example
   * ```ts
   * await parties.write.option("header", true).mode("overwrite").csv("parties");
   * ```
   */
  option(key: string, value: OptionValue): DataFrameWriter {
    return this.#with({ options: { ...this.#write.options, [key]: optionText(value) } });
  }

  /**
   * Several options of the format.
   *
   * @example
   * ```ts
   * await parties.write.options({ header: true, sep: ";" }).mode("overwrite").csv("parties-by-semicolon");
   * ```
   */
  options(options: Readonly<Record<string, OptionValue>>): DataFrameWriter {
    return Object.entries(options).reduce<DataFrameWriter>((writer, [key, value]) => writer.option(key, value), this);
  }

  /**
   * One folder for each combination of values of these columns: `load_date=2024-01-31/`.
   *
   * @example
   * ```ts
   * await parties.write.partitionBy("load_date").mode("overwrite").json("parties-by-day");
   * ```
   */
  partitionBy(...cols: readonly (string | readonly string[])[]): DataFrameWriter {
    return this.#with({ partitioningColumns: cols.flat() });
  }

  /** Buckets of tables, by the hash of columns. */
  bucketBy(numBuckets: number, ...cols: readonly (string | readonly string[])[]): DataFrameWriter {
    return this.#with({ bucketBy: { numBuckets, columns: cols.flat() } });
  }

  /** The order of rows in each bucket. */
  sortBy(...cols: readonly (string | readonly string[])[]): DataFrameWriter {
    return this.#with({ sortColumns: cols.flat() });
  }

  /**
   * Writes the frame and tells what was written.
   *
   * @param path - file or folder, local or `az://…`, `abfss://…`; formats such as Kafka need none
   * @example
   * ```ts
   * const report = await parties.write.format("parquet").mode("overwrite").save("az://processed/parties/");
   * console.log(report.rows);
   * ```
   */
  async save(path?: string, options: ActionOptions = {}): Promise<WriteReport> {
    return this.#run(path === undefined ? this.#write : { ...this.#write, target: { path } }, options);
  }

  /** Writes the frame as a table of the catalog. */
  async saveAsTable(name: string, options: ActionOptions = {}): Promise<WriteReport> {
    return this.#run({ ...this.#write, target: { table: name, method: "saveAsTable" } }, options);
  }

  /** Adds the rows to a table that exists, by position of the columns. */
  async insertInto(
    tableName: string,
    options: ActionOptions & { readonly overwrite?: boolean } = {},
  ): Promise<WriteReport> {
    const mode = options.overwrite === undefined ? {} : { mode: options.overwrite ? "overwrite" : "append" };
    return this.#run({ ...this.#write, ...mode, target: { table: tableName, method: "insertInto" } }, options);
  }

  /**
   * Writes Parquet files.
   *
   * @example
   * ```ts
   * await accounts.write.mode("overwrite").parquet("az://processed/accounts/");
   * ```
   */
  async parquet(path: string, options: ActionOptions = {}): Promise<WriteReport> {
    return this.format("parquet").save(path, options);
  }

  /**
   * Writes CSV files.
   *
   * @example
   * ```ts
   * await parties.write.option("header", true).mode("overwrite").csv("parties-csv");
   * ```
   */
  async csv(path: string, options: ActionOptions = {}): Promise<WriteReport> {
    return this.format("csv").save(path, options);
  }

  /**
   * Writes one JSON object a line.
   *
   * @example
   * ```ts
   * await accounts.write.mode("overwrite").json("az://processed/accounts-json/");
   * ```
   */
  async json(path: string, options: ActionOptions = {}): Promise<WriteReport> {
    return this.format("json").save(path, options);
  }

  /**
   * Writes the one STRING column of the frame, one value a line.
   *
   * @example
   * ```ts
   * await events.select("value").write.mode("overwrite").text("events-text");
   * ```
   */
  async text(path: string, options: ActionOptions = {}): Promise<WriteReport> {
    return this.format("text").save(path, options);
  }

  async #run(write: Write, options: ActionOptions): Promise<WriteReport> {
    if (write.bucketBy && write.target && "path" in write.target) {
      throw new SluiceError("USAGE", "Buckets are for tables, not for files.", { next: "Use saveAsTable(name)." });
    }
    return reportOf(await this.#client.run(writePlan(this.#input, write), options));
  }
}

function reportOf(responses: readonly ExecutePlanResponse[]): WriteReport {
  const observed = responses.flatMap((response) => response.observedMetrics).find(({ name }) => name === REPORT);
  const details = observed ? detailsOf(observed) : {};
  const { rows, bytes } = details;
  return {
    ...(rows === undefined ? {} : { rows: Number(rows) }),
    ...(bytes === undefined ? {} : { bytes: Number(bytes) }),
    details,
  };
}

function detailsOf({ keys, values }: Observed): Record<string, unknown> {
  return Object.fromEntries(keys.map((key, index) => [key, valueOfLiteral(values[index])]));
}
