/** The declarations of the globals, for the notebook's type checks and completions. */
export const globalTypes = `
/** The notebook's session: reads, queries and creates frames. Its engine is loaded by the first action. */
declare const spark: import("sluice/sql").Session;
declare const Session: typeof import("sluice/sql").Session;
/** The same as Session, by PySpark's name. */
declare const SparkSession: typeof import("sluice/sql").SparkSession;
/** Spark's functions, by their own names: F.sum("amount"). */
declare const F: typeof import("sluice/sql").functions;
/** A column by name. */
declare const col: typeof import("sluice/sql").col;
/** A value as a column. */
declare const lit: typeof import("sluice/sql").lit;
/** An expression written in SQL. */
declare const expr: typeof import("sluice/sql").expr;
/** Starts a window for window functions. */
declare const Window: typeof import("sluice/sql").Window;
/** Publishes to Kafka and reads what a topic holds. */
declare const kafka: typeof import("sluice/kafka");
/** Azure storage and secrets. */
declare const azure: typeof import("sluice/azure");
/** Tables of made-up data, the same from the same seed. */
declare const dummyData: typeof import("sluice/dummy-data");
`;
