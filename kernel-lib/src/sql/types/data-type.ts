/** A type without parameters. `kind` is Spark Connect's own name for it. */
export interface AtomicType {
  readonly kind:
    | "null"
    | "boolean"
    | "byte"
    | "short"
    | "integer"
    | "long"
    | "float"
    | "double"
    | "string"
    | "binary"
    | "date"
    | "timestamp"
    | "timestampNtz"
    | "calendarInterval";
}

/** An exact number of `precision` digits of which `scale` stand after the point. */
export interface DecimalType {
  readonly kind: "decimal";
  /** 1 to 38 digits in all. */
  readonly precision: number;
  /** Digits after the point, at most `precision`. */
  readonly scale: number;
}

/** Fields are numbered as Spark does: 0 day, 1 hour, 2 minute, 3 second. */
export interface DayTimeIntervalType {
  readonly kind: "dayTimeInterval";
  readonly startField: number;
  readonly endField: number;
}

/** Fields are numbered as Spark does: 0 year, 1 month. */
export interface YearMonthIntervalType {
  readonly kind: "yearMonthInterval";
  readonly startField: number;
  readonly endField: number;
}

/** The type of arrays whose elements have one type. */
export interface ArrayType {
  readonly kind: "array";
  readonly elementType: DataType;
  readonly containsNull: boolean;
}

/** The type of maps; keys are never null. */
export interface MapType {
  readonly kind: "map";
  readonly keyType: DataType;
  readonly valueType: DataType;
  readonly valueContainsNull: boolean;
}

/** One named column of a schema, or field of a struct. */
export interface StructField {
  readonly name: string;
  readonly dataType: DataType;
  readonly nullable: boolean;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Named fields in order: the type of a struct, and the schema of a frame. */
export interface StructType {
  readonly kind: "struct";
  readonly fields: readonly StructField[];
}

/** Any type a column can have: plain, frozen data that is compared by structure, never by identity. */
export type DataType =
  AtomicType | DecimalType | DayTimeIntervalType | YearMonthIntervalType | ArrayType | MapType | StructType;
