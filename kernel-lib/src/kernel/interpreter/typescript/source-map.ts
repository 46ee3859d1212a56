import type { PositionMap } from "./messages.ts";

/** A place in a text; lines and columns count from 0. */
export interface Position {
  line: number;
  column: number;
}

type Segment = [column: number, sourceLine: number, sourceColumn: number];

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Makes the function that leads from a place in the code that ran to the cell's text. */
export function positionReader(
  map: Pick<PositionMap, "mappings" | "shifts">,
): (generated: Position) => Position | undefined {
  let lines: Segment[][] | undefined;
  return ({ line, column }) => {
    lines ??= decodeMappings(map.mappings);
    let moved = 0;
    for (const [shiftedLine, from, delta] of map.shifts) if (shiftedLine === line && column >= from) moved += delta;
    const emitted = Math.max(0, column - moved);
    const segments = lines[line] ?? [];
    const segment = segments.findLast(([start]) => start <= emitted) ?? segments[0];
    return segment && { line: segment[1], column: segment[2] };
  };
}

/** Reads the `mappings` of a version 3 source map with one source. */
export function decodeMappings(mappings: string): Segment[][] {
  let sourceLine = 0;
  let sourceColumn = 0;
  return mappings.split(";").map((text) => {
    let column = 0;
    const segments: Segment[] = [];
    for (const field of text.split(",")) {
      if (field === "") continue;
      const [toColumn = 0, , toLine = 0, toSourceColumn = 0] = decodeNumbers(field);
      column += toColumn;
      sourceLine += toLine;
      sourceColumn += toSourceColumn;
      segments.push([column, sourceLine, sourceColumn]);
    }
    return segments;
  });
}

function decodeNumbers(field: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const digit of field) {
    const bits = DIGITS.indexOf(digit);
    value += (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    numbers.push(value & 1 ? -(value >>> 1) : value >>> 1);
    value = shift = 0;
  }
  return numbers;
}
