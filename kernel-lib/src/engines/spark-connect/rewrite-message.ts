// Changes parts of a message without touching it: plans are shared between frames.

/**
 * A copy of a message in which `change` was asked of every object, the outermost first, and gave another in its place.
 * Whatever holds nothing that was changed is the same object as before.
 */
export function rewriteMessage<T>(value: T, change: (value: object) => object): T {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  const changed = change(value);
  let copy: object | undefined;
  for (const [key, member] of Object.entries(changed)) {
    const other: unknown = rewriteMessage(member as unknown, change);
    if (other === member) continue;
    copy ??= Array.isArray(changed) ? [...(changed as unknown[])] : { ...changed };
    (copy as Record<string, unknown>)[key] = other;
  }
  return (copy ?? changed) as T;
}
