// A resolved plan as an indented tree, with columns named by their place of origin.
import type { Expression } from "../resolved/expression.ts";
import type { Relation } from "../resolved/relation.ts";
import { display, sortText } from "../analyzer/display.ts";

/** One line a node, the root first. Ids are numbered as they appear, so that equal plans have equal texts. */
export function planText(relation: Relation): string {
  const numbers = new Map<string, number>();
  const number = (id: string): number => {
    const known = numbers.get(id) ?? numbers.size;
    numbers.set(id, known);
    return known;
  };
  const lines: string[] = [];
  const visit = (node: Relation, depth: number): void => {
    lines.push(`${depth === 0 ? "" : `${"   ".repeat(depth - 1)}+- `}${describe(node, number)}`);
    for (const input of inputsOf(node)) visit(input, depth + 1);
  };
  visit(relation, 0);
  return lines.join("\n");
}

export function inputsOf(relation: Relation): readonly Relation[] {
  if ("input" in relation) return [relation.input];
  return "left" in relation ? [relation.left, relation.right] : [];
}

function describe(relation: Relation, number: (id: string) => number): string {
  const text = (expression: Expression) => display(expression);
  const columns = `[${relation.output.map((attribute) => `${attribute.name}#${number(attribute.id)}`).join(", ")}]`;
  switch (relation.kind) {
    case "scan":
      return `Scan ${relation.source.description} ${columns}`;
    case "local":
      return `LocalRelation ${columns}`;
    case "range":
      return `Range (${relation.start}, ${relation.end}, step=${relation.step}) ${columns}`;
    case "project":
      return `Project [${relation.expressions
        .map((expression, i) => {
          const attribute = relation.output[i];
          return expression.kind === "attribute" && expression.attribute.id === attribute?.id
            ? `${attribute.name}#${number(attribute.id)}`
            : `${text(expression)} AS ${attribute?.name}#${number(attribute?.id ?? "")}`;
        })
        .join(", ")}]`;
    case "generate":
      return `Generate ${text(relation.generator)}, ${relation.outer ? "outer, " : ""}${columns}`;
    case "filter":
      return `Filter ${text(relation.condition)}`;
    case "join":
      return `Join ${relation.type}${relation.condition ? `, ${text(relation.condition)}` : ""}`;
    case "aggregate":
      return `Aggregate [${relation.groupBy.map(text).join(", ")}], [${relation.aggregates.map(text).join(", ")}] ${columns}`;
    case "sort":
      return `Sort [${relation.keys.map((key) => sortText(key, text)).join(", ")}]`;
    case "limit":
      return `Limit ${relation.limit ?? "all"}${relation.offset === undefined ? "" : `, offset ${relation.offset}`}`;
    case "tail":
      return `Tail ${relation.limit}`;
    case "setOperation":
      return `${relation.type}${relation.all ? " all" : ""} ${columns}`;
    case "distinct":
      return `Distinct ${relation.on ? `[${relation.on.map((attribute) => attribute.name).join(", ")}]` : ""}`.trim();
    case "sample":
      return `Sample ${relation.lowerBound}, ${relation.upperBound}, ${relation.seed}`;
  }
}
