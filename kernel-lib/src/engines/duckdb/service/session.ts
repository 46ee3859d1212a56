// What the engine keeps for one session: settings, temporary views, uploaded rows and running operations.
import { randomUUID } from "node:crypto";
import { fromBinary } from "@bufbuild/protobuf";

import type { LocalRelation, Relation as Message } from "../../../generated/spark/connect/relations_pb.ts";
import { LocalRelationSchema } from "../../../generated/spark/connect/relations_pb.ts";
import { SparkError } from "../../../sql/errors.ts";
import type { AnalyzerContext, ReadRequest } from "../analyzer/context.ts";
import { GLOBAL_TEMP } from "../analyzer/context.ts";
import { sameExactly, sameIgnoringCase } from "../analyzer/names.ts";
import type { Scope } from "../analyzer/scope.ts";
import { resolveRelation } from "../analyzer/relation.ts";
import type { Driver } from "../driver/driver.ts";
import { lookup } from "../functions/catalogue.ts";
import type { Semantics } from "../functions/definition.ts";
import type { LiteralValue } from "../resolved/expression.ts";
import type { Relation } from "../resolved/relation.ts";
import { readSource } from "./files.ts";
import { ParserNotLoaded, loadParser } from "../sql/index.ts";
import { Configuration } from "./configuration.ts";
import { collectFirstColumn } from "./run.ts";
import { Views } from "./views.ts";

export interface RunningOperation {
  readonly id: string;
  readonly tags: readonly string[];
  readonly controller: AbortController;
}

export class Session {
  readonly id: string;
  readonly serverSideId = randomUUID();
  readonly configuration = new Configuration();
  readonly artifacts = new Map<string, Uint8Array>();
  readonly operations = new Map<string, RunningOperation>();
  readonly driver: Driver;
  readonly views = new Views();
  readonly globalViews: Views;
  private names = 0;

  constructor(id: string, driver: Driver, globalViews = new Views(GLOBAL_TEMP)) {
    this.id = id;
    this.driver = driver;
    this.globalViews = globalViews;
  }

  /** The settings as they are now, for one request. */
  semantics(): Semantics {
    return {
      ansi: this.configuration.get("spark.sql.ansi.enabled") === "true",
      timeZone: this.configuration.get("spark.sql.session.timeZone"),
      conf: (key) => this.configuration.get(key),
    };
  }

  /** What the plan means now. */
  async resolve(relation: Message, signal?: AbortSignal): Promise<Scope> {
    try {
      return await resolveRelation(relation, this.context(signal));
    } catch (error) {
      if (!(error instanceof ParserNotLoaded)) throw error;
      await loadParser();
      return resolveRelation(relation, this.context(signal));
    }
  }

  context(signal?: AbortSignal): AnalyzerContext {
    const semantics = this.semantics();
    const caseSensitive = this.configuration.get("spark.sql.caseSensitive") === "true";
    return {
      ...semantics,
      sameName: caseSensitive ? sameExactly : sameIgnoringCase,
      views: this.views.current,
      globalViews: this.globalViews.current,
      lookup,
      cachedRelation: (hash) => this.cachedRelation(hash),
      read: (request: ReadRequest) => readSource(request, this, signal),
      distinctValues: (relation: Relation, limit: number): Promise<readonly LiteralValue[]> =>
        collectFirstColumn(relation, limit, this, signal),
      fresh: (prefix) => this.fresh(prefix),
    };
  }

  fresh(prefix: string): string {
    this.names += 1;
    return `${prefix}${this.names}`;
  }

  private cachedRelation(hash: string): LocalRelation {
    const bytes = this.artifacts.get(`cache/${hash}`);
    if (!bytes)
      throw new SparkError(
        "INTERNAL_ERROR",
        `Not found any cached local relation with the hash: ${hash} in the session.`,
        {
          sqlState: "XX000",
        },
      );
    return fromBinary(LocalRelationSchema, bytes);
  }
}
