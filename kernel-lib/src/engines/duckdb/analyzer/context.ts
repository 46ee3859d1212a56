// What the analyzer asks of the session it works for.
import type { LocalRelation, Relation as Message } from "../../../generated/spark/connect/relations_pb.ts";
import type { FunctionDefinition, Semantics } from "../functions/definition.ts";
import type { LiteralValue } from "../resolved/expression.ts";
import type { Relation } from "../resolved/relation.ts";
import type { ScanSource } from "../sources/source.ts";
import type { SameName } from "./names.ts";

/** The database that global temporary views are named in. */
export const GLOBAL_TEMP = "global_temp";

/** A temporary view: the plan it was made of, and the views that plan could see. */
export interface View {
  readonly name: string;
  readonly relation: Message;
  readonly views: ReadonlyMap<string, View>;
}

export interface ReadRequest {
  readonly format: string;
  /** DDL or JSON of the schema the user gave. */
  readonly schema: string | undefined;
  readonly options: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
}

export interface AnalyzerContext extends Semantics {
  readonly sameName: SameName;
  /** By lower-case name. */
  readonly views: ReadonlyMap<string, View>;
  /** Those that every session sees, in the database {@link GLOBAL_TEMP}. */
  readonly globalViews: ReadonlyMap<string, View>;
  lookup(name: string): FunctionDefinition | undefined;
  cachedRelation(hash: string): LocalRelation;
  read(request: ReadRequest): Promise<ScanSource>;
  /** The first column of a relation, distinct and in order: what pivot without values needs. */
  distinctValues(relation: Relation, limit: number): Promise<readonly LiteralValue[]>;
  /** A name that nothing else in the session has. */
  fresh(prefix: string): string;
}
