// JavaScript scalar functions inside DuckDB: registered once an instance, called on the main thread.
import type { DuckDBConnection, DuckDBType, DuckDBValue } from "@duckdb/node-api";
import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  DuckDBScalarFunction,
  FLOAT,
  HUGEINT,
  INTEGER,
  INTERVAL,
  LIST,
  SMALLINT,
  TIMESTAMP,
  TIMESTAMPTZ,
  TINYINT,
  UBIGINT,
  UINTEGER,
  VARCHAR,
} from "@duckdb/node-api";

import { SluiceError } from "../../../errors.ts";
import { encodeRaise } from "../errors.ts";
import type { NativeFunction } from "../functions/definition.ts";

const TYPES: Readonly<Record<string, DuckDBType>> = {
  BIGINT,
  BLOB,
  BOOLEAN,
  DATE,
  DOUBLE,
  FLOAT,
  HUGEINT,
  INTEGER,
  INTERVAL,
  SMALLINT,
  TIMESTAMP,
  TIMESTAMPTZ,
  TINYINT,
  UBIGINT,
  UINTEGER,
  VARCHAR,
};

/** The functions of one instance; a name stands for one function for as long as the instance lives. */
export class NativeFunctions {
  private readonly registered = new Map<string, NativeFunction>();

  register(connection: DuckDBConnection, functions: readonly NativeFunction[]): void {
    for (const fn of functions) {
      const known = this.registered.get(fn.name);
      if (known === fn) continue;
      if (known && signature(known) !== signature(fn)) {
        throw new SluiceError("INTERNAL", `Two native functions are named ${fn.name}.`);
      }
      connection.registerScalarFunction(scalarFunction(fn));
      this.registered.set(fn.name, fn);
    }
  }
}

function signature(fn: NativeFunction): string {
  return `(${fn.parameters.join(",")})${fn.result}`;
}

function scalarFunction(fn: NativeFunction): DuckDBScalarFunction {
  const evaluate = fn.evaluate.bind(fn) as (...args: DuckDBValue[]) => unknown;
  const width = fn.parameters.length;
  return DuckDBScalarFunction.create({
    name: fn.name,
    parameterTypes: fn.parameters.map(typeNamed),
    returnType: typeNamed(fn.result),
    // Without this DuckDB itself answers null when an argument is null.
    specialHandling: fn.nullAware === true,
    mainFunction(info, input, output) {
      try {
        const columns = Array.from({ length: width }, (_, i) => input.getColumnVector(i));
        const args = new Array<DuckDBValue>(width);
        rows: for (let row = 0; row < input.rowCount; row++) {
          for (let i = 0; i < width; i++) {
            const value = (columns[i] as (typeof columns)[number]).getItem(row);
            if (value === null && !fn.nullAware) {
              output.setItem(row, null);
              continue rows;
            }
            args[i] = value;
          }
          output.setItem(row, (evaluate(...args) ?? null) as never);
        }
        output.flush();
      } catch (thrown) {
        info.setError(encodeRaise(thrown));
      }
    },
  });
}

function typeNamed(name: string): DuckDBType {
  const text = name.trim().toUpperCase();
  if (text.endsWith("[]")) return LIST(typeNamed(text.slice(0, -2)));
  const decimal = /^DECIMAL\((\d+), ?(\d+)\)$/.exec(text);
  if (decimal) return DECIMAL(Number(decimal[1]), Number(decimal[2]));
  const type = TYPES[text];
  if (type) return type;
  throw new SluiceError("INTERNAL", `A native function uses the DuckDB type ${name}, which is not known here.`);
}
