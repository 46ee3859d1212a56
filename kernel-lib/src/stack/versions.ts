/** The versions of everything that the stack fetches and starts, in one place; docker/ and environment.yml follow it. */
export const versions = {
  /** The oldest Java that will do. */
  java: 17,
  kafka: "4.3.1",
  /** The newest first: it is the one that is started when none is named. */
  spark: ["4.0.1", "3.5.5", "3.5.3"],
  /** What runs as a cluster of a master and workers when no other is named. */
  sparkStandalone: "3.5.5",
  /** What runs on YARN: Spark 3.5 with the libraries of this Hadoop. */
  sparkOnYarn: "3.5.5",
  hadoop: "3.4.0",
  sail: "0.7.2",
  jupyterLab: "4.6",
} as const;

/** A version of Spark that can be started. */
export type SparkVersion = (typeof versions.spark)[number];

/** What goes with a Spark. */
export interface SparkParts {
  /** Where its jars come from: Maven, or the package of PySpark. */
  readonly jars: "maven" | "pypi";
  /** The Spark whose Spark Connect it takes, where its own was not published. */
  readonly connect?: SparkVersion;
  readonly scala: string;
  /** The Hadoop it was built with: the Azure connector must be of the same. */
  readonly hadoop: string;
  /** The release of the Kafka connector: not every one was published where jars are fetched from. */
  readonly kafkaConnector: string;
}

export const sparkParts: Readonly<Record<SparkVersion, SparkParts>> = {
  "4.0.1": { jars: "pypi", scala: "2.13", hadoop: "3.4.1", kafkaConnector: "4.0.0" },
  "3.5.5": { jars: "maven", scala: "2.12", hadoop: "3.3.4", kafkaConnector: "3.5.3" },
  "3.5.3": { jars: "pypi", connect: "3.5.5", scala: "2.12", hadoop: "3.3.4", kafkaConnector: "3.5.3" },
};
