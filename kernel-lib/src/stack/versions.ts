/** The versions of everything that the stack fetches and starts, in one place; docker/ and environment.yml follow it. */
export const versions = {
  kafka: "4.3.1",
  /** The newest first: it is the one that is started when none is named. */
  spark: ["4.0.1", "3.5.5", "3.5.3"],
  /** What runs on YARN: Spark 3.5 with the libraries of this Hadoop. */
  sparkOnYarn: "3.5.5",
  hadoop: "3.4.0",
  sail: "0.7.2",
} as const;

/** A version of Spark that can be started. */
export type SparkVersion = (typeof versions.spark)[number];
