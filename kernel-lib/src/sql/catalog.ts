// Catalog: the tables and views that a session knows.
import type { Session } from "./session.ts";
import { SparkError } from "./errors.ts";
import { quoteIfNeeded } from "./types/text.ts";

/** A table or view, as `listTables` tells. */
export interface CatalogTable {
  readonly name: string;
  readonly namespace: string;
  readonly isTemporary: boolean;
}

/**
 * What `spark.catalog` offers. It asks in SQL, so that every engine can answer.
 *
 * @example
 * ```ts
 * console.log(await spark.catalog.tableExists("accounts")); // true
 * ```
 */
export class Catalog {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /** The tables and views of a database (the current one unless named). */
  async listTables(dbName?: string): Promise<CatalogTable[]> {
    const shown = await this.#session.sql(
      dbName === undefined ? "SHOW TABLES" : `SHOW TABLES IN ${quoteIfNeeded(dbName)}`,
    );
    const rows = await shown.collect();
    return rows.map((row) => ({
      namespace: text(row.get("namespace")),
      name: text(row.get("tableName")),
      isTemporary: row.get("isTemporary") === true,
    }));
  }

  /**
   * Whether a table or view of that name exists; `name` may be qualified.
   *
   * @example
   * ```ts
   * console.log(await spark.catalog.tableExists("no_such_table")); // false
   * ```
   */
  async tableExists(tableName: string, dbName?: string): Promise<boolean> {
    const name = dbName === undefined ? tableName : `${quoteIfNeeded(dbName)}.${tableName}`;
    try {
      await this.#session.table(name).schema();
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  /**
   * The columns of a table or view: name, type as SQL text, and whether it can be null.
   *
   * @example
   * ```ts
   * const columns = await spark.catalog.listColumns("accounts");
   * ```
   */
  async listColumns(tableName: string): Promise<{ name: string; dataType: string; nullable: boolean }[]> {
    const table = this.#session.table(tableName);
    const types = new Map(await table.dtypes());
    return (await table.schema()).fields.map(({ name, nullable }) => ({
      name,
      dataType: types.get(name) ?? "",
      nullable,
    }));
  }

  /**
   * Forgets a temporary view; false when there was none.
   *
   * @example
   * ```ts
   * await accounts.createOrReplaceTempView("soon_gone");
   * console.log(await spark.catalog.dropTempView("soon_gone")); // true
   * ```
   */
  dropTempView(viewName: string): Promise<boolean> {
    return this.#dropView(quoteIfNeeded(viewName));
  }

  /**
   * Forgets a global temporary view, for every session; false when there was none.
   *
   * @example
   * ```ts
   * await accounts.createOrReplaceGlobalTempView("soon_gone");
   * console.log(await spark.catalog.dropGlobalTempView("soon_gone")); // true
   * ```
   */
  dropGlobalTempView(viewName: string): Promise<boolean> {
    return this.#dropView(`global_temp.${quoteIfNeeded(viewName)}`);
  }

  async #dropView(name: string): Promise<boolean> {
    try {
      await this.#session.sql(`DROP VIEW ${name}`);
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  /**
   * The name of the database that unqualified names mean.
   *
   * @example
   * ```ts
   * console.log(await spark.catalog.currentDatabase()); // default
   * ```
   */
  async currentDatabase(): Promise<string> {
    const row = await (await this.#session.sql("SELECT current_database()")).first();
    return text(row?.get(0));
  }

  /** Changes the database that unqualified names mean. */
  async setCurrentDatabase(dbName: string): Promise<void> {
    await this.#session.sql(`USE ${quoteIfNeeded(dbName)}`);
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof SparkError && (error.code === "TABLE_OR_VIEW_NOT_FOUND" || error.code === "VIEW_NOT_FOUND");
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
