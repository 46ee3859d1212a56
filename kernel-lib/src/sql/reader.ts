// DataFrameReader: frames from files, tables and other systems.
import type { DataFrame } from "./dataframe.ts";
import type { Relation } from "../generated/spark/connect/relations_pb.ts";
import type { Source } from "./plan/relations.ts";
import type { StructType } from "./types/data-type.ts";
import type { OptionValue } from "./writer.ts";
import { namedTable, read } from "./plan/relations.ts";
import { parseSchema } from "./types/ddl.ts";
import { toDdl } from "./types/text.ts";
import { optionText } from "./writer.ts";

/**
 * Reads frames. Nothing is read before an action; the schema of files without a given one is found when it is first needed.
 *
 * @example
 * ```ts
 * spark.read.schema("account_id STRING, active_ind INT").option("header", true).csv("az://landing/accounts/");
 * ```
 */
export class DataFrameReader {
  readonly #frame: (relation: Relation) => DataFrame;
  readonly #source: Source;

  /** @internal */
  constructor(frame: (relation: Relation) => DataFrame, source: Source = { options: {}, paths: [] }) {
    this.#frame = frame;
    this.#source = source;
  }

  #with(change: Partial<Source>): DataFrameReader {
    return new DataFrameReader(this.#frame, { ...this.#source, ...change });
  }

  /**
   * The format: `parquet` (unless told), `csv`, `json`, `text`, `kafka`.
   *
   * @example
   * ```ts
   * spark.read.format("csv").option("header", true).load("az://landing/accounts/");
   * ```
   */
  format(source: string): DataFrameReader {
    return this.#with({ format: source });
  }

  /**
   * The columns and types to read, so that the engine need not look for them.
   *
   * @throws SparkError `PARSE_SYNTAX_ERROR` when the text is not a schema
   * @example
   * ```ts
   * spark.read.schema("account_id STRING, active_ind INT").option("header", true).csv("az://landing/accounts/");
   * ```
   */
  schema(schema: StructType | string): DataFrameReader {
    return this.#with({ schema: toDdl(typeof schema === "string" ? parseSchema(schema) : schema) });
  }

  /**
   * One option of the format.
   *
   * @example
   * ```ts
   * spark.read.option("header", true).csv("az://landing/accounts/");
   * ```
   */
  option(key: string, value: OptionValue): DataFrameReader {
    return this.#with({ options: { ...this.#source.options, [key]: optionText(value) } });
  }

  /**
   * Several options of the format.
   *
   * @example
   * ```ts
   * spark.read.options({ header: true, mode: "FAILFAST" }).csv("az://landing/accounts/");
   * ```
   */
  options(options: Readonly<Record<string, OptionValue>>): DataFrameReader {
    return Object.entries(options).reduce<DataFrameReader>((reader, [key, value]) => reader.option(key, value), this);
  }

  /**
   * The frame of files, folders or patterns; formats such as Kafka need no path.
   *
   * @example
   * ```ts
   * spark.read.format("text").load("az://landing/accounts/");
   * ```
   */
  load(path?: string | readonly string[]): DataFrame {
    const paths = path === undefined ? [] : typeof path === "string" ? [path] : [...path];
    return this.#frame(read({ ...this.#source, paths }));
  }

  /**
   * CSV files. Spark's options: `header`, `sep`, `quote`, `escape`, `multiLine`, `mode`, `inferSchema`, …
   *
   * @example
   * ```ts
   * spark.read.option("header", true).csv("az://landing/accounts/");
   * ```
   */
  csv(...paths: readonly (string | readonly string[])[]): DataFrame {
    return this.format("csv").load(paths.flat());
  }

  /**
   * JSON files, one object a line unless `multiLine` is set.
   *
   * @example
   * ```ts
   * await accounts.write.mode("overwrite").json("accounts-json");
   * spark.read.schema("account_id STRING, balance DOUBLE").json("accounts-json");
   * ```
   */
  json(...paths: readonly (string | readonly string[])[]): DataFrame {
    return this.format("json").load(paths.flat());
  }

  /**
   * Parquet files.
   *
   * @example
   * ```ts
   * await accounts.write.mode("overwrite").parquet("accounts-parquet");
   * spark.read.parquet("accounts-parquet");
   * ```
   */
  parquet(...paths: readonly (string | readonly string[])[]): DataFrame {
    return this.format("parquet").load(paths.flat());
  }

  /**
   * Text files: one row a line, in a column named `value`.
   *
   * @example
   * ```ts
   * spark.read.text("az://landing/accounts/");
   * ```
   */
  text(...paths: readonly (string | readonly string[])[]): DataFrame {
    return this.format("text").load(paths.flat());
  }

  /**
   * A table or view.
   *
   * @example
   * ```ts
   * spark.read.table("accounts");
   * ```
   */
  table(tableName: string): DataFrame {
    return this.#frame(namedTable(tableName, this.#source.options));
  }
}
