// Expressions of the parser's tree → the protocol's expressions.
import type { Expression } from "../../../generated/spark/connect/expressions_pb.ts";
import { ExpressionSchema } from "../../../generated/spark/connect/expressions_pb.ts";
import { create } from "@bufbuild/protobuf";
import { SparkError, unsupported } from "../../../sql/errors.ts";
import { FILTER_CALL, TYPED_LITERAL } from "./internal-calls.ts";
import { intervalOf } from "./interval.ts";
import { literalNode, negated, suffixedNumber } from "./literal.ts";
import { callOf, column, expressionOf, named, star, text } from "./make.ts";
import type { Node } from "./parser.ts";
import { kindOf, nameOf, nodes } from "./parser.ts";
import { FUNCTION_PREFIX, NUMBER_CALL, TIMESTAMP_LITERALS } from "./prepare.ts";
import { typeText } from "./type-text.ts";
import { sortOrder, windowOf } from "./window.ts";

const BINARY: Readonly<Record<string, string>> = {
  add: "+",
  sub: "-",
  mul: "*",
  div: "/",
  mod: "%",
  eq: "==",
  neq: "!=",
  lt: "<",
  lte: "<=",
  gt: ">",
  gte: ">=",
  and: "and",
  or: "or",
  null_safe_eq: "<=>",
  r_like: "rlike",
  concat: "concat",
  d_pipe: "concat",
  bitwise_and: "&",
  bitwise_or: "|",
  bitwise_xor: "^",
  bitwise_left_shift: "shiftleft",
  bitwise_right_shift: "shiftright",
};

/** What the parameters of a text stand for, by name. */
export type Parameters = ReadonlyMap<string, Expression>;

export class ExpressionReader {
  private readonly parameters: Parameters;

  /** Joins a subquery that gives one value to the query being read, and gives the column with the value. */
  private readonly joinScalar: (query: unknown) => Expression;

  constructor(parameters: Parameters, joinScalar: (query: unknown) => Expression = refuseSubquery) {
    this.parameters = parameters;
    this.joinScalar = joinScalar;
  }

  readonly all = (values: unknown): Expression[] => nodes(values).map((value) => this.read(value));

  readonly read = (value: unknown): Expression => {
    const [kind, node] = kindOf(value);
    const operator = BINARY[kind];
    if (operator && node["left"] !== undefined) return this.binary(operator, node);
    switch (kind) {
      case "literal":
        return literalNode(node);
      case "null":
        return expressionOf({
          case: "literal",
          value: { literalType: { case: "null", value: { kind: { case: "null", value: {} } } } },
        });
      case "boolean":
        return expressionOf({
          case: "literal",
          value: { literalType: { case: "boolean", value: node["value"] === true } },
        });
      case "column": {
        const qualifiers = [node["catalog"], node["schema"], node["table"]].filter(
          (part) => part !== undefined && part !== null,
        );
        return column([...qualifiers, node["name"]].map(nameOf));
      }
      case "identifier":
        return column([nameOf(node)]);
      case "dot":
        return this.extract(this.read(node["this"]), text(nameOf(node["field"])));
      case "subscript":
        return this.extract(this.read(node["this"]), this.read(node["index"]));
      case "paren":
        return this.read(node["this"]);
      case "alias":
        return named(
          this.read(node["this"]),
          ...[node["alias"], ...nodes(node["column_aliases"])].map(nameOf).filter((name) => name !== ""),
        );
      case "aliases":
        return named(this.read(node["this"]), ...nodes(node["expressions"]).map(nameOf));
      case "star":
        return this.star(node);
      case "cast":
      case "try_cast":
      case "safe_cast":
        return this.cast(kind, node);
      case "not":
        return this.not(node["this"]);
      case "neg":
        return this.negative(node["this"]);
      case "bitwise_not":
        return callOf("~", [this.read(node["this"])]);
      case "regexp_like":
        return this.maybeNot(node, callOf("rlike", [this.read(node["this"]), this.read(node["pattern"])]));
      case "int_div":
        return callOf("div", [this.read(node["this"]), this.read(node["expression"])]);
      case "is_null":
        return callOf(node["not"] ? "isnotnull" : "isnull", [this.read(node["this"])]);
      case "is_true":
      case "is_false":
        return this.is(kind === "is_true", node);
      case "in":
        return this.isIn(node);
      case "null_safe_neq":
        return callOf("not", [callOf("<=>", [this.read(node["left"]), this.read(node["right"])])]);
      case "between": {
        const tested = this.read(node["this"]);
        const low = callOf(">=", [tested, this.read(node["low"])]);
        return this.maybeNot(node, callOf("and", [low, callOf("<=", [tested, this.read(node["high"])])]));
      }
      case "like":
      case "i_like": {
        const escape = node["escape"] ? [this.read(node["escape"])] : [];
        const like = callOf(kind === "like" ? "like" : "ilike", [
          this.read(node["left"]),
          this.read(node["right"]),
          ...escape,
        ]);
        return this.maybeNot(node, like);
      }
      case "case":
        return this.caseWhen(node);
      case "interval":
        return intervalOf(node);
      case "parameter":
        return this.parameter(nameOf(node["name"]));
      case "lambda":
        return this.lambda(node);
      case "window_function":
        return windowOf(node, this);
      case "named_argument":
        return expressionOf({
          case: "namedArgumentExpression",
          value: { key: nameOf(node["name"]), value: this.read(node["value"]) },
        });
      case "subquery":
        return this.joinScalar(node["this"]);
      case "exists":
        return refuseSubquery();
      default:
        return this.call(kind, node);
    }
  };

  private extract(child: Expression, extraction: Expression): Expression {
    return expressionOf({ case: "unresolvedExtractValue", value: { child, extraction } });
  }

  private binary(operator: string, node: Node): Expression {
    return this.maybeNot(node, callOf(operator, [this.read(node["left"]), this.read(node["right"])]));
  }

  private maybeNot(node: Node, expression: Expression): Expression {
    return node["not"] ? callOf("not", [expression]) : expression;
  }

  private not(value: unknown): Expression {
    const inner = this.read(value);
    const { exprType } = inner;
    if (exprType.case === "unresolvedFunction" && exprType.value.functionName === "isnull")
      return callOf("isnotnull", exprType.value.arguments);
    return callOf("not", [inner]);
  }

  private negative(value: unknown): Expression {
    // Only a number right after the sign is one with it: -(-2147483648) overflows.
    const suffixed = suffixedText(value);
    if (suffixed !== undefined) return suffixedNumber(`-${suffixed}`);
    const inner = this.read(value);
    return (kindOf(value)[0] === "literal" ? negated(inner) : undefined) ?? callOf("-", [inner]);
  }

  private is(wanted: boolean, node: Node): Expression {
    const literal = expressionOf({ case: "literal", value: { literalType: { case: "boolean", value: wanted } } });
    return this.maybeNot(node, callOf("<=>", [this.read(node["this"]), literal]));
  }

  private star(node: Node): Expression {
    if (nodes(node["except"]).length > 0 || nodes(node["replace"]).length > 0)
      throw unsupported("A star with EXCEPT in this place", "List the columns.");
    if (!node["table"]) return star();
    const unparsedTarget = `\`${nameOf(node["table"]).replaceAll("`", "``")}\`.*`;
    return expressionOf({ case: "unresolvedStar", value: { unparsedTarget } });
  }

  private cast(kind: string, node: Node): Expression {
    const type = typeText(node["to"]);
    const evalMode = kind === "cast" ? 0 : 3;
    return expressionOf({
      case: "cast",
      value: { expr: this.read(node["this"]), castToType: { case: "typeStr", value: type }, evalMode },
    });
  }

  private isIn(node: Node): Expression {
    if (node["query"])
      throw unsupported("IN with a subquery in this place", "Use it as a condition of WHERE, or write a join.");
    return this.maybeNot(node, callOf("in", [this.read(node["this"]), ...this.all(node["expressions"])]));
  }

  private caseWhen(node: Node): Expression {
    const operand = node["operand"] ? this.read(node["operand"]) : undefined;
    const branches = nodes(node["whens"]).flatMap((pair) => {
      const [condition, value] = pair as readonly [unknown, unknown];
      const test = this.read(condition);
      return [operand ? callOf("==", [operand, test]) : test, this.read(value)];
    });
    return callOf("when", [...branches, ...(node["else_"] ? [this.read(node["else_"])] : [])]);
  }

  private parameter(name: string): Expression {
    const value = this.parameters.get(name);
    if (value) return value;
    throw new SparkError(
      "UNBOUND_SQL_PARAMETER",
      `Found the unbound parameter: ${name}. Please, fix \`args\` and provide a mapping of the parameter to either a SQL literal or collection constructor functions such as \`map()\`, \`array()\`, \`struct()\`.`,
      { sqlState: "42P02", messageParameters: { name } },
    );
  }

  private lambda(node: Node): Expression {
    const parameters = nodes(node["parameters"]).map(nameOf);
    return create(ExpressionSchema, {
      exprType: {
        case: "lambdaFunction",
        value: { function: this.read(node["body"]), arguments: parameters.map((name) => ({ nameParts: [name] })) },
      },
    });
  }

  /** A function call; the parser has its own nodes for the few whose names `prepare` leaves alone. */
  private call(kind: string, node: Node): Expression {
    const call = this.plainCall(kind, node);
    const nulls =
      node["ignore_nulls"] === true
        ? [expressionOf({ case: "literal", value: { literalType: { case: "boolean", value: true } } })]
        : [];
    if (nulls.length > 0 && call.exprType.case === "unresolvedFunction") call.exprType.value.arguments.push(...nulls);
    return node["filter"] ? callOf(FILTER_CALL, [call, this.read(node["filter"])]) : call;
  }

  private plainCall(kind: string, node: Node): Expression {
    const distinct = node["distinct"] === true;
    const one = (key: string): Expression[] =>
      node[key] === undefined || node[key] === null ? [] : [this.read(node[key])];
    switch (kind) {
      case "function":
      case "aggregate_function": {
        const suffixed = suffixedText({ [kind]: node });
        if (suffixed !== undefined) return suffixedNumber(suffixed);
        const name = nameOf(node["name"]).replace(new RegExp(`^${FUNCTION_PREFIX}`, "i"), "");
        const args = this.all(node["args"]);
        const typed = TIMESTAMP_LITERALS[name];
        if (typed) return callOf(TYPED_LITERAL, [...args, text(typed)]);
        return withUnit(name, args) ?? callOf(name.toLowerCase(), args, distinct);
      }
      case "if_func":
        return callOf("if", [...one("condition"), ...one("true_value"), ...one("false_value")]);
      case "extract":
        return callOf("extract", [text(String(fieldName(node["field"])).toUpperCase()), ...one("this")]);
      case "trim": {
        const name =
          { Leading: "ltrim", Trailing: "rtrim" }[String(node["position"])] ?? (node["characters"] ? "btrim" : "trim");
        // ltrim and rtrim name the characters first, btrim last.
        return callOf(
          name,
          name === "btrim" ? [...one("this"), ...one("characters")] : [...one("characters"), ...one("this")],
        );
      }
      case "substring":
        return callOf("substring", [...one("this"), ...one("start"), ...one("length")]);
      case "str_position":
        return callOf("locate", [...one("substr"), ...one("this"), ...one("position")]);
      case "overlay":
        return callOf("overlay", [...one("this"), ...one("replacement"), ...one("from"), ...one("length")]);
      case "array":
      case "array_func":
        return callOf("array", this.all(node["expressions"]));
      case "left_func":
      case "left":
        return callOf("left", [...one("this"), ...one("length")]);
      case "right_func":
      case "right":
        return callOf("right", [...one("this"), ...one("length")]);
      case "first":
      case "last":
      case "any_value":
      case "first_value":
      case "last_value":
        return callOf(kind, one("this"), distinct);
      default:
        throw unsupported(`The SQL expression ${kind.replaceAll("_", " ")}`, "Use DataFrame functions.");
    }
  }

  readonly sortOrders = (values: unknown) => nodes(values).map((value) => sortOrder(value as Node, this));
}

const UNITS = /^`(year|quarter|month|week|day|dayofyear|hour|minute|second|millisecond|microsecond)`$/i;
const ADD_OR_DIFFERENCE = /^(?:timestamp_?(add|diff)|date_?(add|diff)|time(diff))$/i;

/** `dateadd(MONTH, 1, d)` and its like, whose unit is a word and not a column; undefined for another call. */
function withUnit(name: string, [unit, ...rest]: readonly Expression[]): Expression | undefined {
  const [, ...forms] = ADD_OR_DIFFERENCE.exec(name) ?? [];
  const form = forms.find((part) => part !== undefined);
  if (form === undefined || rest.length !== 2 || unit?.exprType.case !== "unresolvedAttribute") return undefined;
  const word = UNITS.exec(unit.exprType.value.unparsedIdentifier)?.[1];
  return word === undefined ? undefined : callOf(`timestamp${form.toLowerCase()}`, [text(word), ...rest]);
}

/** The number as written when this is the call that stands for one with a suffix. */
function suffixedText(value: unknown): string | undefined {
  const [kind, node] = kindOf(value);
  if (kind !== "function" || nameOf(node["name"]) !== `${FUNCTION_PREFIX}${NUMBER_CALL}`) return undefined;
  return String(kindOf(nodes(node["args"])[0])[1]["value"]);
}

function refuseSubquery(): never {
  throw unsupported("A subquery in this place", "Use it in WHERE with IN or EXISTS, or write a join.");
}

function fieldName(value: unknown): unknown {
  // The parser has one word for a field that Spark calls by another.
  if (typeof value === "string") return value === "DayOfYear" ? "doy" : value;
  // A field that the parser does not know stands under a key of its own.
  const [[key, field] = []] = Object.entries(value ?? {});
  if (typeof field === "string") return field;
  return key;
}
