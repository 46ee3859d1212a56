// Temporary views: those of one session, and the global ones, which all sessions of an engine share.
import type { Relation } from "../../../generated/spark/connect/relations_pb.ts";
import { SparkError } from "../../../sql/errors.ts";
import type { View } from "../analyzer/context.ts";
import { quoteName } from "../analyzer/names.ts";

export class Views {
  /** By lower-case name; replaced as a whole, since views keep those of their own time. */
  current: ReadonlyMap<string, View> = new Map();
  /** The database of the views, where they have one. */
  readonly #database: readonly string[];

  constructor(...database: string[]) {
    this.#database = database;
  }

  /** @param visible - the session's own views that the plan can see */
  set(name: string, relation: Relation, visible: ReadonlyMap<string, View>, replace: boolean): void {
    const key = name.toLowerCase();
    if (!replace && this.current.has(key)) {
      const relationName = quoteName([...this.#database, name]);
      throw new SparkError(
        "TEMP_TABLE_OR_VIEW_ALREADY_EXISTS",
        `Cannot create the temporary view ${relationName} because it already exists. Choose a different name, drop or replace the existing view, or add the IF NOT EXISTS clause to tolerate pre-existing views.`,
        { sqlState: "42P07", messageParameters: { relationName } },
      );
    }
    this.current = new Map([...this.current, [key, { name, relation, views: visible }]]);
  }

  /** Whether there was such a view. */
  drop(name: string): boolean {
    const views = new Map(this.current);
    const found = views.delete(name.toLowerCase());
    this.current = views;
    return found;
  }
}
