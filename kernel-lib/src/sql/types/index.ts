export type { AtomicType, DataType } from "./data-type.ts";
export type {
  ArrayType,
  DayTimeIntervalType,
  DecimalType,
  MapType,
  StructField,
  StructType,
  YearMonthIntervalType,
} from "./data-type.ts";
export * from "./factories.ts";
export { parseDataType, parseSchema } from "./ddl.ts";
export { fromJson, fromJsonValue, toJson, toJsonValue } from "./json.ts";
export { fromProto, toProto } from "./proto.ts";
export { quoteIfNeeded, simpleString, sqlName, toDdl, treeString, typeName } from "./text.ts";
