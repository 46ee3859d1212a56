// Arrow data of several batches as one.
import * as arrow from "apache-arrow";

/** Arrow's own maker, whose type can't be chosen at run time. */
const makeData = arrow.makeData as (parts: object) => arrow.Data;

/** One column of one or several pieces, which have one layout, as one piece of the first one's type. */
export function joinData(pieces: readonly arrow.Data[]): arrow.Data {
  const first = pieces[0] as arrow.Data;
  if (pieces.length === 1) return first;
  const { type } = first;
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const nullCount = pieces.reduce((sum, piece) => sum + piece.nullCount, 0);
  const nullBitmap = nullCount === 0 ? undefined : joinBits(pieces, length, ({ nullBitmap: bits }) => bits);
  return makeData({ type, length, nullCount, nullBitmap, ...joinBuffers(pieces, type, length) });
}

function joinBuffers(pieces: readonly arrow.Data[], type: arrow.DataType, length: number): object {
  if (arrow.DataType.isNull(type)) return {};
  if (arrow.DataType.isBool(type)) return { data: joinBits(pieces, length, ({ values }) => values as Uint8Array) };
  if (arrow.DataType.isStruct(type)) {
    return { children: type.children.map((_, index) => joinData(pieces.map((piece) => childOf(piece, index)))) };
  }
  if (arrow.DataType.isList(type) || arrow.DataType.isMap(type)) {
    const items = pieces.map((piece) => {
      const [from, to] = rangeOf(piece);
      return childOf(piece, 0).slice(from, to - from);
    });
    return { valueOffsets: joinOffsets(pieces, length), child: joinData(items) };
  }
  if (arrow.DataType.isUtf8(type) || arrow.DataType.isBinary(type)) {
    const bytes = pieces.map((piece) => (piece.values as Uint8Array).subarray(...rangeOf(piece)));
    return { valueOffsets: joinOffsets(pieces, length), data: joinValues(bytes) };
  }
  const values = pieces.map((piece) => (piece.values as Uint8Array).subarray(0, piece.length * piece.stride));
  return { data: joinValues(values) };
}

function childOf(piece: arrow.Data, index: number): arrow.Data {
  return piece.children[index] as arrow.Data;
}

/** Where a piece's bytes or items begin and end. */
function rangeOf(piece: arrow.Data): [number, number] {
  const offsets = offsetsOf(piece);
  return [offsets[0] ?? 0, offsets[piece.length] ?? 0];
}

function offsetsOf({ valueOffsets }: arrow.Data): Int32Array {
  return valueOffsets as Int32Array;
}

function joinOffsets(pieces: readonly arrow.Data[], length: number): Int32Array {
  const offsets = new Int32Array(length + 1);
  let at = 0;
  for (const piece of pieces) {
    const own = offsetsOf(piece);
    const shift = (offsets[at] ?? 0) - (own[0] ?? 0);
    for (let row = 1; row <= piece.length; row += 1) offsets[at + row] = (own[row] ?? 0) + shift;
    at += piece.length;
  }
  return offsets;
}

/** Typed arrays of one kind, one after the other. */
function joinValues(parts: readonly Uint8Array[]): Uint8Array {
  const ArrayType = (parts[0] as Uint8Array).constructor as new (length: number) => Uint8Array;
  const joined = new ArrayType(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Bitmaps, one after the other; a piece without one has every bit set. */
function joinBits(
  pieces: readonly arrow.Data[],
  length: number,
  bitsOf: (piece: arrow.Data) => Uint8Array | undefined,
): Uint8Array {
  const joined = new Uint8Array(Math.ceil(length / 64) * 8);
  let at = 0;
  for (const piece of pieces) {
    const bits = bitsOf(piece);
    const isFull = bits === undefined || bits.byteLength === 0;
    for (let row = 0; row < piece.length; row += 1, at += 1) {
      const bit = row + piece.offset;
      if (isFull || ((bits[bit >> 3] ?? 0) >> (bit & 7)) & 1)
        joined[at >> 3] = (joined[at >> 3] ?? 0) | (1 << (at & 7));
    }
  }
  return joined;
}
