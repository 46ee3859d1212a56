export { concat, constant, lookup, nullable, oneOf, pick, reference } from "./column.ts";
export type { CellWriter, Column } from "./column.ts";
export { digits, iban, pattern, postalCode, uniqueDigits, uuid } from "./codes.ts";
export { date, timestamp } from "./dates.ts";
export { city, companyName, country, personName, street } from "./names.ts";
export { decimal, integer } from "./numbers.ts";
export { Draw, indexBelow } from "./random.ts";
export { DummyTable, table } from "./table.ts";
export type { Batch, CsvOptions, TableOptions, TextColumn } from "./table.ts";
