// Spark's functions, named as in `pyspark.sql.functions`.
export * from "./aggregate.ts";
export * from "./collection.ts";
export * from "./conditional.ts";
export * from "./date.ts";
export * from "./higher-order.ts";
export * from "./json.ts";
export * from "./math.ts";
export * from "./misc.ts";
export * from "./string.ts";
export * from "./struct.ts";
export * from "./window.ts";
