// Spark's types to and from Arrow's.
import * as arrow from "apache-arrow";
import type { DataType, StructField as Field, StructType as Struct } from "./data-type.ts";
import { unsupported } from "../errors.ts";
import * as make from "./factories.ts";

/**
 * Arrow's type for a Spark type, as Spark itself maps them.
 *
 * @param timeZone - the session's zone, which Arrow timestamps carry
 */
export function toArrowType(type: DataType, timeZone = "UTC"): arrow.DataType {
  switch (type.kind) {
    case "null":
      return new arrow.Null();
    case "boolean":
      return new arrow.Bool();
    case "byte":
      return new arrow.Int8();
    case "short":
      return new arrow.Int16();
    case "integer":
      return new arrow.Int32();
    case "long":
      return new arrow.Int64();
    case "float":
      return new arrow.Float32();
    case "double":
      return new arrow.Float64();
    case "string":
      return new arrow.Utf8();
    case "binary":
      return new arrow.Binary();
    case "date":
      return new arrow.DateDay();
    case "timestamp":
      return new arrow.TimestampMicrosecond(timeZone);
    case "timestampNtz":
      return new arrow.TimestampMicrosecond();
    case "dayTimeInterval":
      return new arrow.DurationMicrosecond();
    case "yearMonthInterval":
      return new arrow.IntervalYearMonth();
    case "calendarInterval":
      return new arrow.IntervalMonthDayNano();
    case "decimal":
      return new arrow.Decimal(type.scale, type.precision, 128);
    case "array":
      return new arrow.List(new arrow.Field("element", toArrowType(type.elementType, timeZone), type.containsNull));
    case "map": {
      const entries = new arrow.Struct<{ key: arrow.DataType; value: arrow.DataType }>([
        new arrow.Field("key", toArrowType(type.keyType, timeZone), false),
        new arrow.Field("value", toArrowType(type.valueType, timeZone), type.valueContainsNull),
      ]);
      return new arrow.Map_(new arrow.Field("entries", entries, false), false);
    }
    case "struct":
      return new arrow.Struct(type.fields.map((field) => toArrowField(field, timeZone)));
  }
}

/** Arrow's field for a column. */
export function toArrowField(field: Field, timeZone = "UTC"): arrow.Field {
  return new arrow.Field(field.name, toArrowType(field.dataType, timeZone), field.nullable);
}

type TypedField = arrow.Field<arrow.DataType>;

/** The Spark schema of an Arrow schema. Dictionary-encoded columns have their values' type. */
export function fromArrowSchema(schema: arrow.Schema): Struct {
  return make.StructType(schema.fields.map(fromArrowField));
}

function fromArrowField(field: arrow.Field): Field {
  return make.StructField(field.name, fromArrowType(field.type as arrow.DataType), field.nullable);
}

/**
 * The Spark type of an Arrow type. Unsigned integers become the next wider signed type.
 *
 * @throws SparkError `UNSUPPORTED_FEATURE` for types Spark has no column for, such as unions and times of day
 */
export function fromArrowType(type: arrow.DataType): DataType {
  if (arrow.DataType.isDictionary(type)) return fromArrowType(type.dictionary as arrow.DataType);
  if (arrow.DataType.isNull(type)) return make.NullType();
  if (arrow.DataType.isBool(type)) return make.BooleanType();
  if (arrow.DataType.isInt(type)) return integerType(type);
  if (arrow.DataType.isFloat(type))
    return type.precision === arrow.Precision.DOUBLE ? make.DoubleType() : make.FloatType();
  if (arrow.DataType.isUtf8(type) || arrow.DataType.isLargeUtf8(type)) return make.StringType();
  if (arrow.DataType.isBinary(type) || arrow.DataType.isLargeBinary(type) || arrow.DataType.isFixedSizeBinary(type))
    return make.BinaryType();
  if (arrow.DataType.isDecimal(type)) return make.DecimalType(type.precision, type.scale);
  if (arrow.DataType.isDate(type)) return make.DateType();
  if (arrow.DataType.isTimestamp(type)) return type.timezone ? make.TimestampType() : make.TimestampNTZType();
  if (arrow.DataType.isDuration(type)) return make.DayTimeIntervalType();
  if (arrow.DataType.isInterval(type)) {
    return type.unit === arrow.IntervalUnit.YEAR_MONTH ? make.YearMonthIntervalType() : make.CalendarIntervalType();
  }
  if (arrow.DataType.isMap(type)) {
    const [key, value] = (type.children[0] as arrow.Field<arrow.Struct>).type.children as [TypedField, TypedField];
    return make.MapType(fromArrowType(key.type), fromArrowType(value.type), value.nullable);
  }
  if (arrow.DataType.isList(type) || arrow.DataType.isFixedSizeList(type)) {
    const element = type.children[0] as TypedField;
    return make.ArrayType(fromArrowType(element.type), element.nullable);
  }
  if (arrow.DataType.isStruct(type)) return make.StructType(type.children.map(fromArrowField));
  throw unsupported(`The Arrow type ${arrow.Type[type.typeId]}`, "Convert the column to a type that Spark has.");
}

function integerType(type: arrow.Int): DataType {
  switch (type.bitWidth) {
    case 8:
      return type.isSigned ? make.ByteType() : make.ShortType();
    case 16:
      return type.isSigned ? make.ShortType() : make.IntegerType();
    case 32:
      return type.isSigned ? make.IntegerType() : make.LongType();
    default:
      return type.isSigned ? make.LongType() : make.DecimalType(20, 0);
  }
}
