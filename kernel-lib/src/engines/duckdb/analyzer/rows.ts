// Relations that keep some of the rows.
import type { Deduplicate, Sample } from "../../../generated/spark/connect/relations_pb.ts";
import { SparkError, unsupported } from "../../../sql/errors.ts";
import { namedColumns } from "./columns.ts";
import type { AnalyzerContext } from "./context.ts";
import type { Scope } from "./scope.ts";
import { overScope } from "./scope.ts";

export function resolveLimit(input: Scope, bounds: { limit?: number; offset?: number }): Scope {
  for (const [name, value] of Object.entries(bounds))
    if (value < 0)
      throw new SparkError(
        "INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE",
        `The limit like expression "${value}" is invalid. The ${name} expression must be equal to or greater than 0, but got ${value}.`,
        { sqlState: "42K0E", messageParameters: { name, expr: `"${value}"`, v: String(value) } },
      );
  return overScope(
    input,
    { kind: "limit", input: input.relation, ...bounds, output: input.relation.output },
    input.merged,
  );
}

export function resolveTail(input: Scope, limit: number): Scope {
  return overScope(input, { kind: "tail", input: input.relation, limit, output: input.relation.output });
}

export function resolveDeduplicate(message: Deduplicate, input: Scope, context: AnalyzerContext): Scope {
  if (message.withinWatermark) throw unsupported("dropDuplicatesWithinWatermark", "Use dropDuplicates.");
  const { relation } = input;
  const all = message.allColumnsAsKeys || message.columnNames.length === 0;
  const on = all ? undefined : namedColumns(message.columnNames, input, context);
  return overScope(input, { kind: "distinct", input: relation, ...(on ? { on } : {}), output: relation.output });
}

export function resolveSample(message: Sample, input: Scope): Scope {
  if (message.withReplacement) throw unsupported("Sampling with replacement", "Use sample without replacement.");
  return overScope(
    input,
    {
      kind: "sample",
      input: input.relation,
      lowerBound: message.lowerBound,
      upperBound: message.upperBound,
      withReplacement: false,
      seed: message.seed ?? BigInt(Math.floor(Math.random() * Number.MAX_SAFE_INTEGER)),
      output: input.relation.output,
    },
    input.merged,
  );
}
