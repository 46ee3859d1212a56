// A result of five million rows whose right answer is known, read batch by batch.
import type { RecordBatch } from "apache-arrow";
import type { Session } from "../../../src/sql/index.ts";

export const ROWS = 5_000_000;

const query = (rows: number): string =>
  `select id, cast(id % 1000 as int) k, id * 1.5D v, concat('name_', id % 1000) s, id % 2 = 0 b from range(0, ${rows}, 1, 4)`;

/**
 * Reads all rows and compares every value with what it must be.
 *
 * @returns what is wrong; empty when every row came once, in order
 */
export async function readAll(
  spark: Session,
  rows = ROWS,
  between?: (seen: number) => Promise<void>,
): Promise<string[]> {
  let seen = 0;
  const wrong: string[] = [];
  for await (const batch of (await spark.sql(query(rows))).toArrowBatches()) {
    const fault = faultOf(batch, seen);
    if (fault !== undefined) wrong.push(fault);
    seen += batch.numRows;
    await between?.(seen);
  }
  return seen === rows ? wrong : [...wrong, `${seen} rows in place of ${rows}`];
}

function faultOf(batch: RecordBatch, from: number): string | undefined {
  const [id, k, v, s, b] = batch.data.children;
  if (!id || !k || !v || !s || !b) return `a batch with ${batch.data.children.length} columns`;
  const ids = id.values as BigInt64Array;
  const ks = k.values as Int32Array;
  const vs = v.values as Float64Array;
  const text = Buffer.from((s.values as Uint8Array).buffer, (s.values as Uint8Array).byteOffset);
  const ends = s.valueOffsets as Int32Array;
  for (let row = 0; row < batch.numRows; row += 1) {
    const want = from + row;
    const even = ((((b.values as Uint8Array)[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
    const name = text.toString("latin1", ends[row], ends[row + 1]);
    const isRight =
      ids[row] === BigInt(want) &&
      ks[row] === want % 1000 &&
      vs[row] === want * 1.5 &&
      name === `name_${want % 1000}` &&
      even === (want % 2 === 0);
    if (!isRight) return `row ${want}: ${ids[row]} ${ks[row]} ${vs[row]} ${name} ${even}`;
  }
  return undefined;
}
