// Reads schemas and types written as SQL: `a INT, b ARRAY<STRUCT<x: STRING>> NOT NULL COMMENT 'why'`.
import type { DataType, StructField as Field, StructType as Struct } from "./data-type.ts";
import type { Token } from "./ddl-tokens.ts";
import { SparkError, unsupported } from "../errors.ts";
import { syntaxError, tokenize } from "./ddl-tokens.ts";
import * as make from "./factories.ts";

const atomicTypes: Record<string, () => DataType> = {
  boolean: make.BooleanType,
  tinyint: make.ByteType,
  byte: make.ByteType,
  smallint: make.ShortType,
  short: make.ShortType,
  int: make.IntegerType,
  integer: make.IntegerType,
  bigint: make.LongType,
  long: make.LongType,
  float: make.FloatType,
  real: make.FloatType,
  double: make.DoubleType,
  date: make.DateType,
  timestamp: make.TimestampType,
  timestamp_ltz: make.TimestampType,
  timestamp_ntz: make.TimestampNTZType,
  string: make.StringType,
  binary: make.BinaryType,
  void: make.NullType,
};

const dayTimeFields = ["day", "hour", "minute", "second"];
const yearMonthFields = ["year", "month"];

/**
 * The type that a text such as `decimal(10,2)` or `map<string, array<int>>` names.
 *
 * `CHAR(n)` and `VARCHAR(n)` are read as `STRING`, as Spark does in casts and in schemas of files.
 *
 * @throws SparkError `PARSE_SYNTAX_ERROR` with line and position, or `UNSUPPORTED_DATATYPE`
 * @example
 * ```ts
 * typeName(parseDataType("DECIMAL(12,2)")); // "decimal(12,2)"
 * ```
 */
export function parseDataType(text: string): DataType {
  const reader = new DdlReader(text);
  const type = reader.dataType();
  reader.end();
  return type;
}

/**
 * The schema that a DDL text describes: columns (`a INT, b STRING NOT NULL`), also with colons (`a: INT`), or one
 * `STRUCT<…>`. The text of a single other type gives a schema with one column named `value`, as in PySpark.
 *
 * @throws SparkError `PARSE_SYNTAX_ERROR` with line and position, or `UNSUPPORTED_DATATYPE`
 * @example
 * ```ts
 * parseSchema("account_id STRING NOT NULL, tags ARRAY<STRING> COMMENT 'free text'");
 * ```
 */
export function parseSchema(text: string): Struct {
  if (text.trim() === "") return make.StructType();
  const single = new DdlReader(text).soleType();
  if (single?.kind === "struct") return single;
  if (single) return make.StructType([make.StructField("value", single)]);
  const reader = new DdlReader(text);
  const fields = reader.fields();
  reader.end();
  return make.StructType(fields);
}

class DdlReader {
  readonly #text: string;
  readonly #tokens: Token[];
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  /** The type, when the whole text is one type; a lone column without type is not. */
  soleType(): DataType | undefined {
    const word = this.#peek();
    const second = this.#peek(1);
    const isType =
      second.kind === "end" || second.text === "<" || second.text === "(" || word.text.toLowerCase() === "interval";
    if (word.kind !== "word" || !isType) return undefined;
    const type = this.dataType();
    return this.#peek().kind === "end" ? type : undefined;
  }

  end(): void {
    if (this.#peek().kind !== "end") this.#fail();
  }

  fields(): Field[] {
    const fields = [this.#field()];
    while (this.#take(",")) fields.push(this.#field());
    return fields;
  }

  dataType(): DataType {
    const token = this.#peek();
    if (token.kind !== "word") this.#fail();
    this.#next += 1;
    const name = token.text.toLowerCase();
    const atomic = Object.hasOwn(atomicTypes, name) ? atomicTypes[name] : undefined;
    if (atomic) {
      if (name === "string" && this.#takeWord("collate")) this.#collation();
      return atomic();
    }
    switch (name) {
      case "array":
        return this.#inBrackets(() => make.ArrayType(this.dataType()));
      case "map":
        return this.#inBrackets(() => {
          const key = this.dataType();
          this.#expect(",");
          return make.MapType(key, this.dataType());
        });
      case "struct":
        return this.#inBrackets(() => make.StructType(this.#peek().text === ">" ? [] : this.fields()));
      case "decimal":
      case "dec":
      case "numeric": {
        const [precision, scale] = this.#numbers();
        return make.DecimalType(precision, scale);
      }
      case "char":
      case "character":
      case "varchar":
        if (this.#numbers().length !== 1) {
          throw new SparkError(
            "DATATYPE_MISSING_SIZE",
            `DataType "${name.toUpperCase()}" requires a length parameter, for example "${name.toUpperCase()}(10)".`,
            { sqlState: "42K01" },
          );
        }
        return make.StringType();
      case "interval":
        return this.#interval();
      default:
        throw new SparkError("UNSUPPORTED_DATATYPE", `Unsupported data type "${token.text.toUpperCase()}".`, {
          sqlState: "0A000",
          messageParameters: { typeName: `"${token.text.toUpperCase()}"` },
        });
    }
  }

  #field(): Field {
    const token = this.#peek();
    if (token.kind !== "word" && token.kind !== "quoted") this.#fail();
    this.#next += 1;
    this.#take(":");
    const dataType = this.dataType();
    let nullable = true;
    if (this.#takeWord("not")) {
      if (!this.#takeWord("null")) this.#fail();
      nullable = false;
    }
    if (!this.#takeWord("comment")) return make.StructField(token.text, dataType, nullable);
    const comment = this.#peek();
    if (comment.kind !== "string") this.#fail();
    this.#next += 1;
    return make.StructField(token.text, dataType, nullable, { comment: comment.text });
  }

  #collation(): void {
    const name = this.#peek().text;
    if (name.toUpperCase() !== "UTF8_BINARY")
      throw unsupported(`The collation ${name}`, "Use plain STRING columns and lower().");
    this.#next += 1;
  }

  #interval(): DataType {
    const first = this.#peek().text.toLowerCase();
    const names = [dayTimeFields, yearMonthFields].find((fields) => fields.includes(first));
    if (!names) return make.CalendarIntervalType();
    this.#next += 1;
    const start = names.indexOf(first);
    let end = start;
    if (this.#takeWord("to")) {
      end = names.indexOf(this.#peek().text.toLowerCase());
      if (end <= start) this.#fail();
      this.#next += 1;
    }
    return names === dayTimeFields ? make.DayTimeIntervalType(start, end) : make.YearMonthIntervalType(start, end);
  }

  #numbers(): number[] {
    const numbers: number[] = [];
    if (!this.#take("(")) return numbers;
    do {
      const token = this.#peek();
      if (token.kind !== "number") this.#fail();
      numbers.push(Number(token.text));
      this.#next += 1;
    } while (this.#take(","));
    this.#expect(")");
    return numbers;
  }

  #inBrackets<T>(read: () => T): T {
    this.#expect("<");
    const result = read();
    this.#expect(">");
    return result;
  }

  #peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)] as Token;
  }

  #take(symbol: string): boolean {
    const token = this.#peek();
    if (token.kind !== "symbol" || token.text !== symbol) return false;
    this.#next += 1;
    return true;
  }

  #takeWord(word: string): boolean {
    const token = this.#peek();
    if (token.kind !== "word" || token.text.toLowerCase() !== word) return false;
    this.#next += 1;
    return true;
  }

  #expect(symbol: string): void {
    if (!this.#take(symbol)) this.#fail();
  }

  #fail(): never {
    const token = this.#peek();
    throw syntaxError(this.#text, token.offset, token.source);
  }
}
