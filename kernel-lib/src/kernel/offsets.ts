/** The UTF-16 offset of a cursor that Jupyter counts in Unicode code points. */
export function toUtf16(code: string, codePoints: number): number {
  let offset = 0;
  for (let left = codePoints; left > 0 && offset < code.length; left--) {
    offset += (code.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}

/** The count of Unicode code points before a UTF-16 offset. */
export function toCodePoints(code: string, offset: number): number {
  let count = 0;
  for (let at = 0; at < offset; count++) at += (code.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return count;
}
