// The aggregate being built: result expressions are rewritten over its keys and aggregate calls, and later operators
// (HAVING, ORDER BY) may add columns to it.
import type { AggregateCall, Attribute, Expression } from "../resolved/expression.ts";
import type { Relation } from "../resolved/relation.ts";
import { unsupported } from "../../../sql/errors.ts";
import { alias, mapChildren, reference, semanticKey, unalias } from "./build.ts";
import type { AnalyzerContext } from "./context.ts";
import { display, outputName } from "./display.ts";
import { missingAggregation, missingGroupBy } from "./errors.ts";
import { isGroupingCall, resolveGrouping } from "./grouping.ts";

export class Aggregation {
  private readonly context: AnalyzerContext;
  private readonly input: Relation;
  private readonly keys: readonly Expression[];
  private readonly keyAttributes: readonly Attribute[];
  private readonly sets: readonly (readonly number[])[] | undefined;
  private readonly groupingId: Attribute | undefined;
  private readonly calls = new Map<string, { call: AggregateCall; attribute: Attribute }>();
  private readonly columns: { expression: Expression; attribute: Attribute }[] = [];

  constructor(
    input: Relation,
    groupings: readonly Expression[],
    sets: readonly (readonly number[])[] | undefined,
    context: AnalyzerContext,
  ) {
    this.context = context;
    this.input = input;
    this.keys = groupings.map(unalias);
    this.sets = sets;
    const repeated = sets?.some((set) => new Set(set).size < set.length) ?? false;
    if (repeated || (sets && new Set(this.keys.map(semanticKey)).size < this.keys.length))
      throw unsupported("A key that stands twice in ROLLUP, CUBE or GROUPING SETS", "Group by it once.");
    const nulled = (i: number) => sets?.some((set) => !set.includes(i)) ?? false;
    this.keyAttributes = this.keys.map((key, i) => {
      if (key.kind === "attribute" && !sets) return key.attribute;
      const attribute = this.attribute(outputName(key, context.timeZone), key.dataType, key.nullable || nulled(i));
      return key.kind === "attribute" ? { ...attribute, qualifier: key.attribute.qualifier } : attribute;
    });
    this.groupingId = sets && this.attribute("grouping_id()", { kind: "long" }, false);
  }

  /** Adds result columns and returns their attributes. */
  add(results: readonly Expression[]): Attribute[] {
    return results.map((result) => {
      const name = outputName(result, this.context.timeZone);
      const expression = this.rewrite(unalias(result));
      const plain =
        expression.kind === "attribute" && expression.attribute.name === name && !this.isUsed(expression.attribute);
      const metadata = result.kind === "alias" ? result.metadata : undefined;
      const attribute = plain
        ? expression.attribute
        : { ...this.attribute(name, expression.dataType, expression.nullable), ...(metadata ? { metadata } : {}) };
      this.columns.push({ expression, attribute });
      return attribute;
    });
  }

  /** The aggregate with everything added so far. */
  relation(): Relation {
    const calls = [...this.calls.values()];
    const aggregate: Relation = {
      kind: "aggregate",
      input: this.input,
      groupBy: this.keys,
      ...(this.sets ? { groupingSets: this.sets } : {}),
      aggregates: calls.map((entry) => entry.call),
      ...(this.groupingId ? { groupingId: this.groupingId } : {}),
      output: [
        ...this.keyAttributes,
        ...calls.map((entry) => entry.attribute),
        ...(this.groupingId ? [this.groupingId] : []),
      ],
    };
    return {
      kind: "project",
      input: aggregate,
      expressions: this.columns.map((column) => column.expression),
      output: this.columns.map((column) => column.attribute),
    };
  }

  private isUsed(attribute: Attribute): boolean {
    return this.columns.some((column) => column.attribute.id === attribute.id);
  }

  private attribute(name: string, dataType: Attribute["dataType"], nullable: boolean): Attribute {
    return { id: this.context.fresh("c"), name, dataType, nullable, qualifier: [] };
  }

  private rewrite(expression: Expression): Expression {
    const key = semanticKey(expression);
    const at =
      expression.kind === "literal" && !this.sets
        ? -1
        : this.keys.findIndex((candidate) => semanticKey(candidate) === key);
    if (at >= 0) return reference(this.keyAttributes[at] as Attribute);
    if (expression.kind === "aggregate") return reference(this.callAttribute(expression, key));
    if (isGroupingCall(expression)) return resolveGrouping(expression, this.keys, this.groupingId);
    if (expression.kind === "attribute") {
      const column = this.columns.find((candidate) => candidate.attribute.id === expression.attribute.id);
      if (column) return column.expression;
      const text = display(expression, this.context.timeZone);
      throw this.keys.length === 0 ? missingGroupBy() : missingAggregation(text);
    }
    if (expression.kind === "alias") return alias(this.rewrite(expression.child), ...expression.names);
    return mapChildren(expression, (part) => this.rewrite(part));
  }

  private callAttribute(call: AggregateCall, key: string): Attribute {
    const known = this.calls.get(key);
    if (known) return known.attribute;
    const attribute = this.attribute(display(call, this.context.timeZone), call.dataType, call.nullable);
    this.calls.set(key, { call, attribute });
    return attribute;
  }
}
