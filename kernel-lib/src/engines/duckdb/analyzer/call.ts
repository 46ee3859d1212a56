// Function calls: lookup, star arguments, lambdas, and the casts that Spark would add.
import type {
  Expression as Message,
  Expression_LambdaFunction,
} from "../../../generated/spark/connect/expressions_pb.ts";
import { SparkError, unsupported } from "../../../sql/errors.ts";
import { parseDataType, sqlName } from "../../../sql/types/index.ts";
import type { FunctionDefinition, LambdaParameter, Resolution } from "../functions/definition.ts";
import type { Expression, Lambda, LambdaVariable } from "../resolved/expression.ts";
import { FILTER_CALL, TYPED_LITERAL } from "../sql/internal-calls.ts";
import { isGenerator, literal, scalar, someExpression } from "./build.ts";
import { nestedAggregate, nestedGenerator, unresolvedRoutine } from "./errors.ts";
import type { ExpressionResolver } from "./expression.ts";
import { required } from "./required.ts";
import { groupingFunction } from "./grouping.ts";
import { constantValue } from "./literal.ts";
import { dayOfText, instantOf } from "./local-time.ts";
import { parseName } from "./names.ts";
import { expandStar } from "./star.ts";

export interface UnresolvedCall {
  readonly name: string;
  readonly args: readonly Message[];
  readonly distinct: boolean;
  readonly filter?: Message;
}

export function resolveCall(call: UnresolvedCall, resolver: ExpressionResolver): Expression {
  const name = call.name.toLowerCase();
  if (name === FILTER_CALL) return resolveFiltered(call, resolver);
  if (name === TYPED_LITERAL) return typedLiteral(call.args, resolver);
  const definition = groupingFunction(name) ?? resolver.context.lookup(name);
  if (!definition) throw unresolvedRoutine(parseName(call.name));
  const args = resolveArguments(name, call.args, definition, resolver);
  const resolution = resolveTypes(definition, args, resolver);
  const typed = { definition, args: resolution.args, dataType: resolution.dataType, nullable: resolution.nullable };
  if (definition.kind !== "aggregate") {
    if (call.distinct) throw unsupported(`DISTINCT in ${name}`, "Use an aggregate function or array_distinct.");
    return { kind: "call", ...typed };
  }
  if (args.some((arg) => someExpression(arg, (part) => part.kind === "aggregate"))) throw nestedAggregate();
  const filter = call.filter && resolver.resolve(call.filter);
  return { kind: "aggregate", ...typed, distinct: call.distinct, ...(filter ? { filter } : {}) };
}

/** The definition's own answer; a type mismatch names the whole call, as Spark does. */
function resolveTypes(
  definition: FunctionDefinition,
  args: readonly Expression[],
  resolver: ExpressionResolver,
): Resolution {
  try {
    return definition.resolve(args, resolver.functions);
  } catch (error) {
    if (!(error instanceof SparkError) || !error.code.startsWith("DATATYPE_MISMATCH")) throw error;
    const called = resolver.display(scalar(definition, args, { kind: "null" }, true));
    if (args.some(isGenerator)) throw nestedGenerator(called);
    const [left, right] = args.map((arg) => `"${sqlName(arg.dataType)}"`);
    const operands = error.code === "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES" && left && right ? { left, right } : {};
    const sentence = error.message.slice(`[${error.code}] `.length).replace(/ SQLSTATE: \w+$/, "");
    throw new SparkError(
      error.code,
      sentence.replace(/^Cannot resolve ".*?" due/s, () => `Cannot resolve "${called}" due`),
      {
        ...(error.sqlState ? { sqlState: error.sqlState } : {}),
        messageParameters: { ...operands, ...error.messageParameters, sqlExpr: `"${called}"` },
        cause: error,
      },
    );
  }
}

function typedLiteral(args: readonly Message[], resolver: ExpressionResolver): Expression {
  const [value, type] = args.map((arg) => String(constantValue(resolver.resolve(arg))));
  const found = typedConstant(value ?? "", type ?? "", resolver);
  if (found) return found;
  const valueType = `"${(type ?? "").toUpperCase()}"`;
  throw new SparkError("INVALID_TYPED_LITERAL", `The value of the typed literal ${valueType} is invalid: '${value}'.`, {
    sqlState: "42604",
    messageParameters: { valueType, value: `'${value}'` },
  });
}

function typedConstant(value: string, type: string, resolver: ExpressionResolver): Expression | undefined {
  if (type === "date") {
    const day = dayOfText(value);
    return day === undefined ? undefined : literal(day, { kind: "date" });
  }
  if (type.startsWith("interval")) {
    const interval = parseDataType(type);
    return literal(interval.kind === "yearMonthInterval" ? Number(value) : BigInt(value), interval);
  }
  const zoned = /^(.*\d)\s*(Z|UTC|[+-]\d{2}:\d{2})$/.exec(value.trim());
  if (zoned) {
    const zone = zoned[2] === "Z" ? "UTC" : (zoned[2] as string);
    const instant = instantOf(zoned[1] as string, zone);
    return instant === undefined ? undefined : literal(instant, { kind: "timestamp" });
  }
  const isLocal = type === "timestamp_ntz";
  const instant = instantOf(value, isLocal ? "UTC" : resolver.context.timeZone);
  return instant === undefined ? undefined : literal(instant, { kind: isLocal ? "timestampNtz" : "timestamp" });
}

function resolveFiltered(call: UnresolvedCall, resolver: ExpressionResolver): Expression {
  const [aggregate, condition] = call.args;
  const inner = required(aggregate).exprType;
  if (inner.case !== "unresolvedFunction")
    throw unsupported("FILTER on this expression", "Put it directly after an aggregate function.");
  const { functionName, arguments: args, isDistinct } = inner.value;
  return resolveCall({ name: functionName, args, distinct: isDistinct, filter: required(condition) }, resolver);
}

function resolveArguments(
  name: string,
  messages: readonly Message[],
  definition: FunctionDefinition,
  resolver: ExpressionResolver,
): Expression[] {
  const [only] = messages;
  if (
    name === "count" &&
    messages.length === 1 &&
    only?.exprType.case === "unresolvedStar" &&
    !only.exprType.value.unparsedTarget
  )
    return [literal(1, { kind: "integer" })];
  if (messages.some((message) => message.exprType.case === "lambdaFunction"))
    return resolveHigherOrder(messages, definition, resolver);
  const args = messages.flatMap(
    (message) => expandStar(named(message), resolver) ?? [resolver.resolve(named(message))],
  );
  return definition.lambdaParameters ? completeLambdas(args, definition, resolver) : args;
}

/** Named arguments are taken in the order given. */
function named(message: Message): Message {
  return message.exprType.case === "namedArgumentExpression" ? required(message.exprType.value.value) : message;
}

/** Functions such as array_sort may be called without their lambda: then the definition gets the plain arguments. */
function completeLambdas(
  args: Expression[],
  definition: FunctionDefinition,
  resolver: ExpressionResolver,
): Expression[] {
  definition.lambdaParameters?.(
    args,
    args.map(() => 0),
    resolver.functions,
  );
  return args;
}

function resolveHigherOrder(
  messages: readonly Message[],
  definition: FunctionDefinition,
  resolver: ExpressionResolver,
): Expression[] {
  const lambdas = messages.map((message) =>
    message.exprType.case === "lambdaFunction" ? message.exprType.value : undefined,
  );
  const args: (Expression | undefined)[] = messages.map((message, i) =>
    lambdas[i] ? undefined : resolver.resolve(message),
  );
  const counts = lambdas.map((lambda) => lambda?.arguments.length ?? 0);
  if (!definition.lambdaParameters) throw unsupported(`A lambda in ${definition.name}`, "Pass a column instead.");
  // Each round resolves the lambdas whose parameter types are known by now.
  for (let missing = args.includes(undefined); missing; missing = args.includes(undefined)) {
    const parameters = definition.lambdaParameters(args, counts, resolver.functions);
    const before = args.filter((arg) => arg === undefined).length;
    lambdas.forEach((lambda, i) => {
      const types = parameters[i];
      if (lambda && types && args[i] === undefined) args[i] = resolveLambda(lambda, types, definition.name, resolver);
    });
    if (args.filter((arg) => arg === undefined).length === before)
      throw unsupported(
        `This lambda in ${definition.name}`,
        "Give it the number of parameters the function documents.",
      );
  }
  return args as Expression[];
}

function resolveLambda(
  lambda: Expression_LambdaFunction,
  types: readonly LambdaParameter[],
  functionName: string,
  resolver: ExpressionResolver,
): Lambda {
  const parameters = lambda.arguments.map((argument, i): LambdaVariable => {
    const type = types[i];
    if (!type)
      throw unsupported(
        `A lambda with ${lambda.arguments.length} parameters in ${functionName}`,
        `Use ${types.length}.`,
      );
    const name = argument.nameParts.join(".");
    return { kind: "variable", id: resolver.context.fresh("v"), name, ...type };
  });
  const body = resolver.withVariables(parameters, () => resolver.resolve(required(lambda.function)));
  return { kind: "lambda", parameters, body, dataType: body.dataType, nullable: body.nullable };
}
