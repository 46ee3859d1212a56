// For the tests of the sources: a driver, temporary files, and reads that give plain rows.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { parseSchema } from "../../../sql/types/index.ts";
import type { Driver } from "../driver/driver.ts";
import { openDriver } from "../driver/driver.ts";
import type { Operation } from "../driver/operation.ts";
import type { Semantics } from "../functions/definition.ts";
import { resolveRead } from "./resolve-read.ts";
import type { ScanSource } from "./source.ts";

/** Spark's defaults, in UTC. */
export const semantics: Semantics = {
  ansi: true,
  timeZone: "UTC",
  conf: (key) => (key === "spark.sql.columnNameOfCorruptRecord" ? "_corrupt_record" : ""),
};

export class SourceFixture {
  readonly folder: string;
  readonly driver: Driver;

  private constructor(folder: string, driver: Driver) {
    this.folder = folder;
    this.driver = driver;
  }

  static async open(): Promise<SourceFixture> {
    return new SourceFixture(await mkdtemp(join(tmpdir(), "sluice-test-")), await openDriver());
  }

  async close(): Promise<void> {
    await this.driver.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async file(name: string, content: string | Uint8Array): Promise<string> {
    await mkdir(dirname(this.path(name)), { recursive: true });
    await writeFile(this.path(name), content);
    return this.path(name);
  }

  async inOperation<T>(work: (operation: Operation) => Promise<T>): Promise<T> {
    const operation = await this.driver.begin({ timeZone: "UTC" });
    try {
      return await work(operation);
    } finally {
      await operation.end();
    }
  }

  resolve(
    format: string,
    paths: string | readonly string[],
    options: Record<string, string> = {},
    ddl?: string,
  ): Promise<ScanSource> {
    const schema = ddl === undefined ? undefined : parseSchema(ddl);
    return resolveRead({
      format,
      schema,
      options,
      paths: typeof paths === "string" ? [paths] : paths,
      semantics,
      driver: this.driver,
    });
  }

  /** The rows of a read, with every value as text (null for null). */
  async read(format: string, paths: string | readonly string[], options: Record<string, string> = {}, ddl?: string) {
    return this.rows(await this.resolve(format, paths, options, ddl));
  }

  rows(source: ScanSource, names: readonly string[] = source.schema.fields.map((field) => field.name)) {
    return this.inOperation(async (operation) => {
      const columns = names.map((name, i) => {
        const ordinal = source.schema.fields.findIndex((field) => field.name === name);
        return { ordinal, id: `x${i}`, dataType: source.schema.fields[ordinal]?.dataType ?? { kind: "null" as const } };
      });
      const sql = await source.prepare(columns, operation);
      const list = columns.map(({ id }) => `${id}::VARCHAR`).join(", ") || "one";
      return operation.rows(`SELECT ${list} FROM ${sql}`);
    });
  }
}
