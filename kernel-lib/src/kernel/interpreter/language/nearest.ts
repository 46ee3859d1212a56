/** The name nearest to a word, when it is near enough to be meant: at most two of five characters differ. */
export function nearestName(word: string, names: Iterable<string>): string | undefined {
  const lower = word.toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length * 0.4)) + 1;
  for (const name of names) {
    if (Math.abs(name.length - word.length) >= least) continue;
    // Of equally near names, the one written in the same case.
    const edits = distance(lower, name.toLowerCase()) + 0.01 * distance(word, name);
    if (edits < least) [best, least] = [name, edits];
  }
  return best;
}

// Two neighbours that changed places count as one edit, since that is how hands slip.
function distance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      let edits = Math.min(row[j - 1]! + 1, rows[i - 1]![j]! + 1, rows[i - 1]![j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) edits = Math.min(edits, rows[i - 2]![j - 2]! + 1);
      row.push(edits);
    }
    rows.push(row);
  }
  return rows[from.length]![to.length]!;
}
