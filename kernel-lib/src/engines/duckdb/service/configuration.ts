// A session's settings: what was set, over Spark's defaults.
import { SparkError } from "../../../sql/errors.ts";

/** Spark's defaults for the keys that clients and functions ask for. */
const DEFAULTS: Readonly<Record<string, string>> = {
  "spark.sql.ansi.enabled": "true",
  "spark.sql.timestampType": "TIMESTAMP_LTZ",
  "spark.sql.caseSensitive": "false",
  "spark.sql.retainGroupColumns": "true",
  "spark.sql.pivotMaxValues": "10000",
  "spark.sql.groupByOrdinal": "true",
  "spark.sql.orderByOrdinal": "true",
  "spark.sql.shuffle.partitions": "200",
  "spark.sql.adaptive.enabled": "true",
  "spark.sql.warehouse.dir": "spark-warehouse",
  "spark.sql.sources.default": "parquet",
  "spark.sql.sources.partitionOverwriteMode": "STATIC",
  "spark.sql.sources.partitionColumnTypeInference.enabled": "true",
  "spark.sql.files.ignoreMissingFiles": "false",
  "spark.sql.columnNameOfCorruptRecord": "_corrupt_record",
  "spark.sql.parquet.compression.codec": "snappy",
  "spark.sql.legacy.timeParserPolicy": "CORRECTED",
  "spark.sql.legacy.sizeOfNull": "false",
  "spark.sql.mapKeyDedupPolicy": "EXCEPTION",
  "spark.sql.jsonGenerator.ignoreNullFields": "true",
  "spark.sql.decimalOperations.allowPrecisionLoss": "true",
  "spark.sql.session.localRelationCacheThreshold": "67108864",
  "spark.sql.session.localRelationSizeLimit": "3221225472",
  "spark.sql.execution.pandas.convertToArrowArraySafely": "false",
  "spark.sql.execution.pandas.inferPandasDictAsMap": "false",
  "spark.sql.execution.pandas.structHandlingMode": "legacy",
  "spark.sql.pyspark.inferNestedDictAsStruct.enabled": "false",
  "spark.sql.pyspark.legacy.inferArrayTypeFromFirstElement.enabled": "false",
  "spark.sql.pyspark.legacy.inferMapTypeFromFirstPair.enabled": "false",
  "spark.sql.execution.arrow.useLargeVarTypes": "false",
  "spark.sql.execution.arrow.maxRecordsPerBatch": "10000",
  "spark.sql.execution.arrow.pyspark.enabled": "false",
  "spark.sql.execution.arrow.pyspark.fallback.enabled": "true",
  "spark.sql.execution.arrow.pyspark.selfDestruct.enabled": "false",
  "spark.sql.execution.pythonUDF.arrow.enabled": "false",
  "spark.sql.execution.pythonUDTF.arrow.enabled": "false",
  "spark.sql.repl.eagerEval.enabled": "false",
  "spark.sql.repl.eagerEval.maxNumRows": "20",
  "spark.sql.repl.eagerEval.truncate": "20",
  "spark.sql.connect.serverStacktrace.enabled": "true",
  "spark.python.sql.dataFrameDebugging.enabled": "true",
};

const BOOLEANS = new Set(["spark.sql.ansi.enabled", "spark.sql.caseSensitive", "spark.sql.retainGroupColumns"]);

/** The time zone of the machine: Spark's default for `spark.sql.session.timeZone`. */
export function systemTimeZone(): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone === "UTC" ? "Etc/UTC" : zone;
}

export class Configuration {
  private readonly own = new Map<string, string>();
  private readonly defaults: ReadonlyMap<string, string>;

  constructor() {
    this.defaults = new Map([...Object.entries(DEFAULTS), ["spark.sql.session.timeZone", systemTimeZone()]]);
  }

  find(key: string): string | undefined {
    return this.own.get(key) ?? this.defaults.get(key);
  }

  /** @throws SparkError SQL_CONF_NOT_FOUND for a key that is neither set nor known. */
  get(key: string): string {
    const value = this.find(key);
    if (value !== undefined) return value;
    throw new SparkError(
      "SQL_CONF_NOT_FOUND",
      `The SQL config "${key}" cannot be found. Please verify that the config exists.`,
      {
        sqlState: "42K0I",
        messageParameters: { sqlConf: `"${key}"` },
      },
    );
  }

  set(key: string, value: string): void {
    if (BOOLEANS.has(key) && !/^(true|false)$/i.test(value)) throw typeMismatch(key, value, "boolean");
    if (key === "spark.sql.session.timeZone") checkTimeZone(value);
    this.own.set(key, BOOLEANS.has(key) ? value.toLowerCase() : value);
  }

  unset(key: string): void {
    this.own.delete(key);
  }

  /** Every key with a value, the ones that start with `prefix` without it. */
  all(prefix = ""): [string, string][] {
    const merged = new Map([...this.defaults, ...this.own]);
    return [...merged].flatMap(([key, value]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), value] satisfies [string, string]] : [],
    );
  }

  isModifiable(key: string): boolean {
    return key.startsWith("spark.sql.") && key !== "spark.sql.warehouse.dir";
  }
}

function typeMismatch(key: string, value: string, type: string): SparkError {
  return new SparkError(
    "INVALID_CONF_VALUE.TYPE_MISMATCH",
    `The value '${value}' in the config "${key}" is invalid. It should be a ${type} value.`,
    {
      sqlState: "22022",
      messageParameters: { confName: key, confValue: value, confType: type },
    },
  );
}

function checkTimeZone(zone: string): void {
  if (/^(UTC|GMT)?[+-]\d{1,2}(:?\d{2}){0,2}$/.test(zone) || zone === "Z") return;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: zone });
  } catch (cause) {
    throw new SparkError(
      "INVALID_CONF_VALUE.TIME_ZONE",
      `The value '${zone}' in the config "spark.sql.session.timeZone" is invalid. Cannot resolve the given timezone.`,
      {
        sqlState: "22022",
        messageParameters: { confName: "spark.sql.session.timeZone", confValue: zone },
        cause,
      },
    );
  }
}
