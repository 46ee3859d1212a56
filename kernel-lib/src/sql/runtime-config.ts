// The settings of a session.
import type { Client } from "./client.ts";
import type { OptionValue } from "./writer.ts";

/**
 * What `spark.conf` offers. Keys are Spark's own, such as `spark.sql.session.timeZone`.
 *
 * @example
 * ```ts
 * await spark.conf.set("spark.sql.ansi.enabled", true);
 * console.log(await spark.conf.get("spark.sql.ansi.enabled")); // true
 * ```
 */
export class RuntimeConfig {
  readonly #client: Client;

  /** @internal */
  constructor(client: Client) {
    this.#client = client;
  }

  /**
   * The value of a setting, or the default given.
   *
   * @throws SparkError `SQL_CONF_NOT_FOUND` when there is no such setting and no default
   * @example
   * ```ts
   * console.log(await spark.conf.get("spark.sql.session.timeZone")); // UTC
   * ```
   */
  async get(key: string, defaultValue?: string): Promise<string> {
    const pairs =
      defaultValue === undefined
        ? await this.#client.config({ case: "get", value: { keys: [key] } })
        : await this.#client.config({ case: "getWithDefault", value: { pairs: [{ key, value: defaultValue }] } });
    return pairs[0]?.value ?? defaultValue ?? "";
  }

  /**
   * All settings that were set, by key.
   *
   * @example
   * ```ts
   * const settings = await spark.conf.getAll();
   * ```
   */
  async getAll(): Promise<Record<string, string>> {
    const pairs = await this.#client.config({ case: "getAll", value: {} });
    return Object.fromEntries(pairs.map(({ key, value }) => [key, value ?? ""]));
  }

  /**
   * Changes a setting of this session.
   *
   * @example
   * ```ts
   * await spark.conf.set("spark.sql.session.timeZone", "UTC");
   * ```
   */
  async set(key: string, value: OptionValue): Promise<void> {
    await this.#client.config({ case: "set", value: { pairs: [{ key, value: String(value) }] } });
  }

  /**
   * Brings a setting back to its default.
   *
   * @example
   * ```ts
   * await spark.conf.unset("spark.sql.ansi.enabled");
   * ```
   */
  async unset(key: string): Promise<void> {
    await this.#client.config({ case: "unset", value: { keys: [key] } });
  }

  /**
   * Whether a setting can be changed while the session runs.
   *
   * @example
   * ```ts
   * console.log(await spark.conf.isModifiable("spark.sql.session.timeZone")); // true
   * ```
   */
  async isModifiable(key: string): Promise<boolean> {
    const pairs = await this.#client.config({ case: "isModifiable", value: { keys: [key] } });
    return pairs[0]?.value === "true";
  }
}
