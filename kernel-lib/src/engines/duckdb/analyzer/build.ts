// Makers of resolved nodes, and walks over resolved expressions.
import type { DataType } from "../../../sql/types/data-type.ts";
import type { FunctionDefinition } from "../functions/definition.ts";
import type {
  Alias,
  Attribute,
  AttributeReference,
  Expression,
  Literal,
  LiteralValue,
  SortKey,
} from "../resolved/expression.ts";

export function reference(attribute: Attribute): AttributeReference {
  return { kind: "attribute", attribute, dataType: attribute.dataType, nullable: attribute.nullable };
}

export function literal(value: LiteralValue, dataType: DataType): Literal {
  return { kind: "literal", value, dataType, nullable: value === null };
}

export function alias(child: Expression, ...names: string[]): Alias {
  return { kind: "alias", child, names, dataType: child.dataType, nullable: child.nullable };
}

/** The expression without the names given to it. */
export function unalias(expression: Expression): Expression {
  return expression.kind === "alias" ? unalias(expression.child) : expression;
}

export function scalar(
  definition: FunctionDefinition,
  args: readonly Expression[],
  dataType: DataType,
  nullable: boolean,
): Expression {
  return { kind: "call", definition, args, dataType, nullable };
}

/** The direct parts of an expression. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "call":
      return expression.args;
    case "aggregate":
      return expression.filter ? [...expression.args, expression.filter] : expression.args;
    case "cast":
    case "field":
    case "alias":
      return [expression.child];
    case "lambda":
      return [expression.body];
    case "window":
      return [
        expression.function,
        ...expression.partitionBy,
        ...expression.orderBy.map((key) => key.child),
        ...frameOffsets(expression.frame?.lower),
        ...frameOffsets(expression.frame?.upper),
      ];
    default:
      return [];
  }
}

function frameOffsets(bound: unknown): Expression[] {
  return typeof bound === "object" && bound !== null ? [(bound as { offset: Expression }).offset] : [];
}

/** The expression with each direct part replaced; itself when no part changes. */
export function mapChildren(expression: Expression, change: (part: Expression) => Expression): Expression {
  const all = (parts: readonly Expression[]): readonly Expression[] => {
    const changed = parts.map(change);
    return changed.every((part, i) => part === parts[i]) ? parts : changed;
  };
  switch (expression.kind) {
    case "call": {
      const args = all(expression.args);
      return args === expression.args ? expression : { ...expression, args };
    }
    case "aggregate": {
      const args = all(expression.args);
      const filter = expression.filter && change(expression.filter);
      if (args === expression.args && filter === expression.filter) return expression;
      return { ...expression, args, ...(filter ? { filter } : {}) };
    }
    case "cast":
    case "field":
    case "alias": {
      const child = change(expression.child);
      return child === expression.child ? expression : { ...expression, child };
    }
    case "lambda": {
      const body = change(expression.body);
      return body === expression.body ? expression : { ...expression, body };
    }
    case "window": {
      const key = (sort: SortKey): SortKey => ({ ...sort, child: change(sort.child) });
      return {
        ...expression,
        function: mapChildren(expression.function, change) as typeof expression.function,
        partitionBy: all(expression.partitionBy),
        orderBy: expression.orderBy.map(key),
      };
    }
    default:
      return expression;
  }
}

/** Whether a part of the expression, itself included, fits. */
export function someExpression(expression: Expression, test: (part: Expression) => boolean): boolean {
  return test(expression) || childrenOf(expression).some((part) => someExpression(part, test));
}

export function visitExpression(expression: Expression, visit: (part: Expression) => void): void {
  visit(expression);
  for (const part of childrenOf(expression)) visitExpression(part, visit);
}

/** Whether it gives the same value each time it is computed on the same row. */
export function isDeterministic(expression: Expression): boolean {
  return !someExpression(
    expression,
    (part) => (part.kind === "call" || part.kind === "aggregate") && part.definition.deterministic === false,
  );
}

const keys = new WeakMap<Expression, string>();

/** Two expressions with the same key have the same value. */
export function semanticKey(expression: Expression): string {
  const known = keys.get(expression);
  if (known !== undefined) return known;
  const key = describe(expression);
  keys.set(expression, key);
  return key;
}

function describe(expression: Expression): string {
  const parts = () => childrenOf(expression).map(semanticKey).join(",");
  switch (expression.kind) {
    case "literal":
      return `lit:${JSON.stringify(expression.dataType)}:${JSON.stringify(expression.value, plainJson)}`;
    case "attribute":
      return `#${expression.attribute.id}`;
    case "variable":
      return `$${expression.id}`;
    case "call":
      return `${expression.definition.name}(${parts()}):${JSON.stringify(expression.dataType)}`;
    case "aggregate":
      return `${expression.definition.name}!${expression.distinct}!${expression.filter !== undefined}(${parts()})`;
    case "cast":
      return `cast(${parts()},${JSON.stringify(expression.dataType)},${expression.mode})`;
    case "field":
      return `${parts()}.${expression.ordinal}`;
    case "alias":
      return semanticKey(expression.child);
    case "lambda":
      return `lambda(${expression.parameters.map((parameter) => parameter.id).join(",")}:${parts()})`;
    case "window":
      return `window(${parts()};${expression.partitionBy.length};${expression.orderBy
        .map((key) => `${key.ascending}${key.nullsFirst}`)
        .join(",")};${JSON.stringify(expression.frame, frameJson)})`;
  }
}

function plainJson(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Uint8Array) return `x${Buffer.from(value).toString("hex")}`;
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0)))
    return `${Object.is(value, -0) ? "-0" : value}f`;
  return value;
}

function frameJson(key: string, value: unknown): unknown {
  return key === "offset" ? 0 : value;
}

export function isGenerator(expression: Expression): boolean {
  return expression.kind === "call" && expression.definition.kind === "generator";
}
