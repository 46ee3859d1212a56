// Mathematical functions.
import type { DataType } from "../../../sql/types/data-type.ts";
import type { Expression } from "../resolved/expression.ts";
import { guardedDivision, negated, resolveNumbers } from "./arithmetic.ts";
import { commonType } from "./coercion.ts";
import { bounded } from "./decimal-rules.ts";
import type { FunctionDefinition, NativeFunction } from "./definition.ts";
import { BINARY, BYTE, DOUBLE, INT, LONG, STRING, decimal, isFloating, isIntegral } from "./kinds.ts";
import { NUMBER, anyNullable, checkCount, constantOf, named, resolveRow, rows, typeOf } from "./makers.ts";
import type { Row } from "./makers.ts";
import {
  acosh,
  asinh,
  atanh,
  cbrt,
  cosh,
  expm1,
  hypot,
  log1p,
  roundText,
  shiftInt,
  shiftLong,
  sinh,
  tanh,
} from "./math-natives.ts";
import { ROW_POSITION, bind, cast, tryCast } from "./sql-text.ts";
import { nonFoldable, unexpectedInput, unsupported } from "./type-errors.ts";

const upper =
  (name: string) =>
  (args: readonly string[]): string =>
    `${name.toUpperCase()}(${args.join(", ")})`;

/** A function of doubles whose column is named in capitals, as Spark does for most of them. */
const ofDouble = (names: string, sql: string, extra: Partial<Row> = {}): FunctionDefinition[] =>
  names
    .split(" ")
    .flatMap((name) =>
      rows({ names: name, parameters: [DOUBLE], result: DOUBLE, sql, display: upper(name), ...extra }),
    );

const ofNative = (name: string, fn: NativeFunction, arity = 1): FunctionDefinition[] =>
  rows({
    names: name,
    parameters: Array.from({ length: arity }, () => DOUBLE),
    result: DOUBLE,
    sql: (args, context) => `${context.native(fn)}(${args.join(", ")})`,
    display: upper(name),
  });

const NAN = "CAST('nan' AS DOUBLE)";

function roundedType(type: DataType, scale: number): DataType {
  if (type.kind !== "decimal") return type;
  const digits = type.precision - type.scale + 1;
  if (scale < 0) return decimal(Math.min(Math.max(digits, -scale + 1), 38), 0);
  const kept = Math.min(type.scale, scale);
  return decimal(Math.min(digits + kept, 38), kept);
}

/** round and bround: the scale must be a constant. */
const rounding = (name: "round" | "bround"): FunctionDefinition => ({
  name,
  kind: "scalar",
  resolve(given, context) {
    const { args } = resolveRow(
      name,
      { parameters: [NUMBER, INT], optional: 1, defaults: [constantOf(0, INT)], result: DOUBLE },
      given,
      context,
    );
    const [value, digits] = args as [Expression, Expression];
    const scale = context.constant(digits);
    if (typeof scale !== "number") throw nonFoldable(name, "scale", INT);
    return {
      args: [value, constantOf(scale, INT)],
      dataType: roundedType(value.dataType, scale),
      nullable: value.nullable,
    };
  },
  emit([value = ""], call, context) {
    const digits = call.args[1];
    const scale = digits?.kind === "literal" ? Number(digits.value) : 0;
    const from = typeOf(call.args, 0);
    const toEven = name === "bround";
    if (from.kind === "decimal" && !toEven && scale >= 0) return cast(value, call.dataType);
    if (isIntegral(from) && scale >= 0) return value;
    if (isFloating(from) && scale === 0 && !toEven) return `(round(${value}) + ${cast("0", from)})`;
    // Spark rounds the digits of a float as a double.
    const digitsOf = from.kind === "float" ? cast(value, DOUBLE) : value;
    const text = `${context.native(roundText)}(${cast(digitsOf, STRING)}, ${scale}, ${toEven})`;
    // A zero comes out without a sign.
    if (isFloating(from)) return `(${cast(text, call.dataType)} + ${cast("0", call.dataType)})`;
    if (!isIntegral(from)) return cast(text, call.dataType);
    if (!context.ansi) return context.castSql(cast(text, decimal(38, 0)), decimal(38, 0), call.dataType, "legacy");
    const overflow = context.raise("ARITHMETIC_OVERFLOW", "22003", "'The rounded number does not fit its type.'");
    return bind(
      context,
      [text],
      (x) => `CASE WHEN ${x} IS NULL THEN NULL ELSE coalesce(${tryCast(x, call.dataType)}, ${overflow}) END`,
    );
  },
  display: (args) => `${name}(${args[0]}, ${args[1] ?? "0"})`,
});

const whole = (names: string, sqlName: "ceil" | "floor"): FunctionDefinition[] =>
  named(names, (name) => ({
    kind: "scalar",
    resolve(args, context) {
      checkCount(name, args.length, 1, 2);
      if (args.length === 2)
        throw unsupported(`${name} with a scale`, "Use round, or multiply and divide by a power of ten.");
      const [value] = args as [Expression];
      const type = value.dataType;
      if (type.kind === "decimal") {
        return { args, dataType: bounded(type.precision - type.scale + 1, 0), nullable: value.nullable };
      }
      const wanted = isIntegral(type) ? LONG : DOUBLE;
      if (!isIntegral(type) && !isFloating(type) && type.kind !== "string" && type.kind !== "null")
        throw unexpectedInput(name, 0, "a numeric", type);
      return { args: [context.coerce(value, wanted)], dataType: LONG, nullable: value.nullable };
    },
    emit([value = ""], call, context) {
      const from = typeOf(call.args, 0);
      if (from.kind === "long") return value;
      if (from.kind === "decimal") return cast(`${sqlName}(${value})`, call.dataType);
      return context.castSql(`${sqlName}(${value})`, DOUBLE, LONG, "legacy");
    },
    display: (args) => `${name === "floor" ? "FLOOR" : name === "ceil" ? "CEIL" : name}(${args.join(", ")})`,
  }));

/** A number from 0 to 1 for each row: random, or by its position and a seed; `nth` numbers of one row differ. */
function draw(seed: string | undefined, nth: number): string {
  if (seed === undefined) return "random()";
  return `(CAST(hash(${ROW_POSITION}, ${seed}, ${nth}) >> 11 AS DOUBLE) / 9007199254740992)`;
}

/** The remainder that is never negative for a positive divisor. */
const pmod: FunctionDefinition = {
  name: "pmod",
  kind: "scalar",
  resolve(given, context) {
    checkCount("pmod", given.length, 2, 2);
    return resolveNumbers("pmod", "%", given as [Expression, Expression], context);
  },
  emit: (args, call, context) =>
    guardedDivision(args, call, context.ansi, context, (a, b) =>
      cast(`(CASE WHEN ${a} % ${b} < 0 THEN (${a} % ${b} + ${b}) % ${b} ELSE ${a} % ${b} END)`, call.dataType),
    ),
};

const abs: FunctionDefinition = {
  name: "abs",
  kind: "scalar",
  resolve: (args, context) =>
    resolveRow("abs", { parameters: [NUMBER], result: (all) => typeOf(all, 0) }, args, context),
  emit([value = ""], call, context) {
    if (!isIntegral(call.dataType)) return `abs(${value})`;
    return bind(context, [value], (x) => `CASE WHEN ${x} < 0 THEN ${negated(x, call.dataType, context)} ELSE ${x} END`);
  },
};

const bitwise = (names: string, sql: string, shown: string): FunctionDefinition[] =>
  named(names, (name) => ({
    kind: "scalar",
    resolve(args, context) {
      checkCount(name, args.length, 2, 2);
      const [a, b] = [typeOf(args, 0), typeOf(args, 1)];
      const type = commonType(a, b, context.ansi);
      if (!type || !isIntegral(type)) throw unexpectedInput(name, 0, `"INTEGRAL"`, a);
      const both = args.map((arg) => context.coerce(arg, type));
      return { args: both, dataType: type, nullable: anyNullable(both) };
    },
    emit: ([left, right]) => (sql === "xor" ? `xor(${left}, ${right})` : `(${left} ${sql} ${right})`),
    display: ([left, right]) => `(${left} ${shown} ${right})`,
  }));

const shift = (names: string, direction: "<<" | ">>" | ">>>"): FunctionDefinition[] =>
  rows({
    names,
    parameters: [(type) => (type.kind === "long" ? LONG : INT), INT],
    result: (args) => typeOf(args, 0),
    sql: ([value, by], context, call) =>
      `${context.native(call.dataType.kind === "long" ? shiftLong : shiftInt)}(${value}, ${by}, '${direction}')`,
    display: ([value, by]) =>
      names.startsWith("shift") ? `${names.split(" ")[0]}(${value}, ${by})` : `(${value} ${direction} ${by})`,
  });

const integral = (type: DataType): DataType | undefined =>
  isIntegral(type) || type.kind === "boolean" ? type : undefined;

export const mathFunctions: FunctionDefinition[] = [
  rounding("round"),
  rounding("bround"),
  ...whole("ceil ceiling", "ceil"),
  ...whole("floor", "floor"),
  abs,
  pmod,
  ...ofDouble("sqrt", `CASE WHEN $1 < 0 THEN ${NAN} ELSE sqrt($1) END`),
  ...ofDouble("exp", "exp($1)"),
  ...ofDouble("ln", "CASE WHEN $1 <= 0 THEN NULL ELSE ln($1) END", { nullable: true, display: ([x]) => `ln(${x})` }),
  ...ofDouble("log10 log2", "", { nullable: true }).map((definition) => ({
    ...definition,
    emit: ([x = ""]: readonly string[], _call: unknown, context: Parameters<FunctionDefinition["emit"]>[2]) =>
      bind(context, [x], (value) => `CASE WHEN ${value} <= 0 THEN NULL ELSE ${definition.name}(${value}) END`),
  })),
  ...rows({
    names: "log",
    parameters: [DOUBLE, DOUBLE],
    optional: 1,
    result: DOUBLE,
    nullable: true,
    sql: (args, context) =>
      bind(context, args, (a, b) =>
        b === undefined
          ? `CASE WHEN ${a} <= 0 THEN NULL ELSE ln(${a}) END`
          : `CASE WHEN ${a} <= 0 OR ${b} <= 0 THEN NULL ELSE ln(${b}) / ln(${a}) END`,
      ),
    display: (args) => (args.length === 1 ? `ln(${args[0]})` : `LOG(${args.join(", ")})`),
  }),
  ...rows({
    names: "log1p",
    parameters: [DOUBLE],
    result: DOUBLE,
    nullable: true,
    sql: ([x = ""], context) =>
      bind(context, [x], (v) => `CASE WHEN ${v} <= -1 THEN NULL ELSE ${context.native(log1p)}(${v}) END`),
    display: upper("log1p"),
  }),
  ...ofNative("expm1", expm1),
  ...ofNative("cbrt", cbrt),
  ...ofNative("hypot", hypot, 2),
  ...ofNative("sinh", sinh),
  ...ofNative("cosh", cosh),
  ...ofNative("tanh", tanh),
  ...ofNative("asinh", asinh),
  ...ofNative("acosh", acosh),
  ...ofNative("atanh", atanh),
  ...["sin", "cos", "tan"].flatMap((name) => ofDouble(name, `CASE WHEN isinf($1) THEN ${NAN} ELSE ${name}($1) END`)),
  ...["asin", "acos"].flatMap((name) => ofDouble(name, `CASE WHEN abs($1) > 1 THEN ${NAN} ELSE ${name}($1) END`)),
  ...["atan", "degrees", "radians"].flatMap((name) => ofDouble(name, `${name}($1)`)),
  ...ofDouble("sec", "(1 / cos($1))"),
  ...ofDouble("csc", "(1 / sin($1))"),
  ...ofDouble("cot", "(1 / tan($1))"),
  ...ofDouble("atan2", "atan2($1 + 0.0::DOUBLE, $2 + 0.0::DOUBLE)", { parameters: [DOUBLE, DOUBLE] }),
  ...ofDouble("pow power", "pow($1, $2)", {
    parameters: [DOUBLE, DOUBLE],
    display: (args) => `POWER(${args.join(", ")})`,
  }),
  ...ofDouble("sign signum", "CASE WHEN isnan($1) OR $1 = 0 THEN $1 ELSE CAST(sign($1) AS DOUBLE) END"),
  ...rows(
    {
      names: "rint",
      parameters: [DOUBLE],
      result: DOUBLE,
      sql: "CASE WHEN isfinite($1) THEN round_even($1, 0) ELSE $1 END",
    },
    {
      names: "e",
      parameters: [],
      result: DOUBLE,
      nullable: false,
      sql: "exp(CAST(1 AS DOUBLE))",
      display: () => "E()",
    },
    { names: "pi", parameters: [], result: DOUBLE, nullable: false, sql: "pi()", display: () => "PI()" },
    {
      names: "factorial",
      parameters: [INT],
      result: LONG,
      nullable: true,
      sql: "CASE WHEN $1 BETWEEN 0 AND 20 THEN CAST(factorial($1) AS BIGINT) END",
    },
    {
      names: "hex",
      parameters: [(type) => (type.kind === "string" || type.kind === "binary" ? type : LONG)],
      result: STRING,
      sql: ([value], _context, call) => {
        const from = typeOf(call.args, 0).kind;
        return from === "string" ? `hex(encode(${value}))` : `hex(${value})`;
      },
    },
    {
      names: "unhex",
      parameters: [STRING],
      result: BINARY,
      nullable: true,
      sql: "CASE WHEN regexp_full_match($1, '[0-9a-fA-F]*') THEN unhex($1) ELSE NULL END",
    },
    { names: "bin", parameters: [LONG], result: STRING, sql: "bin($1)" },
    {
      names: "bit_count",
      parameters: [integral],
      result: INT,
      sql: "CAST(bit_count(CAST($1 AS BIGINT)) AS INTEGER)",
    },
    {
      names: "~ bitwise_not",
      parameters: [integral],
      result: (args) => typeOf(args, 0),
      sql: "(~$1)",
      display: ([x]) => `~${x}`,
    },
    {
      names: "getbit bit_get",
      parameters: [integral, INT],
      result: BYTE,
      sql: "CAST((CAST($1 AS BIGINT) >> $2) & 1 AS TINYINT)",
    },
    {
      names: "width_bucket",
      parameters: [DOUBLE, DOUBLE, DOUBLE, LONG],
      result: LONG,
      nullable: true,
      sql: "CASE WHEN $4 <= 0 OR $2 = $3 OR isnan($1) THEN NULL WHEN $2 < $3 THEN CASE WHEN $1 < $2 THEN 0 WHEN $1 >= $3 THEN $4 + 1 ELSE CAST(floor($4 * ($1 - $2) / ($3 - $2)) AS BIGINT) + 1 END ELSE CASE WHEN $1 > $2 THEN 0 WHEN $1 <= $3 THEN $4 + 1 ELSE CAST(floor($4 * ($2 - $1) / ($2 - $3)) AS BIGINT) + 1 END END",
    },
    // With a seed the numbers are the same in each run over the same rows; the sequence is not Spark's, which depends on
    // its partitions.
    {
      names: "rand random",
      parameters: [LONG],
      optional: 1,
      result: DOUBLE,
      nullable: false,
      sql: ([seed]) => draw(seed, 0),
      deterministic: false,
    },
    {
      names: "randn",
      parameters: [LONG],
      optional: 1,
      result: DOUBLE,
      nullable: false,
      sql: ([seed]) => `(sqrt(-2 * ln(1 - ${draw(seed, 0)})) * cos(2 * pi() * ${draw(seed, 1)}))`,
      deterministic: false,
    },
  ),
  ...bitwise("& bitwiseand", "&", "&"),
  ...bitwise("| bitwiseor", "|", "|"),
  ...bitwise("^ bitwisexor", "xor", "^"),
  ...shift("shiftleft <<", "<<"),
  ...shift("shiftright >>", ">>"),
  ...shift("shiftrightunsigned >>>", ">>>"),
];
