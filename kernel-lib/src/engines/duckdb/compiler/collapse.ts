// Adjacent projections as one, where that computes nothing twice.
import type { Expression } from "../resolved/expression.ts";
import type { Project } from "../resolved/relation.ts";
import { countReferences, substitute } from "./references.ts";

/** The columns of a projection that somebody needs. */
export function needed(project: Project, required: ReadonlySet<string>): Project {
  const keep = project.output.map((attribute) => required.has(attribute.id));
  if (keep.every(Boolean)) return project;
  return {
    ...project,
    expressions: project.expressions.filter((_, i) => keep[i]),
    output: project.output.filter((_, i) => keep[i]),
  };
}

/**
 * The projection over the nearest input that it cannot be merged with.
 *
 * A computed column is taken over only where the outer projection passes it on unchanged and once: its text then stands
 * in the SQL once, whatever it costs and however random it is.
 */
export function collapse(project: Project): Project {
  let { expressions, input } = project;
  while (input.kind === "project") {
    const below = input;
    const definitions = new Map(below.output.map((attribute, i) => [attribute.id, below.expressions[i] as Expression]));
    const counts = countReferences(expressions);
    const passedOn = new Set(expressions.flatMap((part) => (part.kind === "attribute" ? [part.attribute.id] : [])));
    const merges = [...counts].every(([id, count]) => {
      const definition = definitions.get(id);
      return !definition || isFree(definition) || (count === 1 && passedOn.has(id));
    });
    if (!merges) break;
    expressions = expressions.map((expression) => substitute(expression, definitions));
    input = below.input;
  }
  return { ...project, expressions, input };
}

/** Whether it costs nothing to compute again. */
function isFree(expression: Expression): boolean {
  return expression.kind === "attribute" || expression.kind === "literal";
}
