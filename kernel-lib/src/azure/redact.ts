const known = new Set<string>();

/**
 * Remembers a secret value, so that {@link redact} replaces it wherever it appears.
 *
 * Values under 4 characters are not remembered: replacing them would spoil ordinary text.
 *
 * @example
 * ```ts
 * rememberSecret("my-password-1");
 * redact("The password is my-password-1."); // "The password is [redacted]."
 * ```
 */
export function rememberSecret(value: string): void {
  if (value.length >= 4) known.add(value);
  const encoded = encodeURIComponent(value);
  if (encoded !== value && encoded.length >= 4) known.add(encoded);
}

/**
 * Replaces every secret value in a text by `[redacted]`: those remembered so far, account keys and signatures of
 * shared access tokens of any origin, and passwords in URLs.
 *
 * @example
 * ```ts
 * redact("AccountName=bank;AccountKey=abc123=="); // "AccountName=bank;AccountKey=[redacted]"
 * ```
 */
export function redact(text: string): string {
  let result = text;
  // Longest first: a secret may contain another.
  for (const secret of [...known].sort((a, b) => b.length - a.length)) result = result.replaceAll(secret, "[redacted]");
  return result
    .replace(/\b(AccountKey|SharedAccessKey)=[^;\s"']+/gi, "$1=[redacted]")
    .replace(/([?&]|\b)sig=[^&;\s"']+/gi, "$1sig=[redacted]")
    .replace(/(\/\/[^/\s:@]+):[^/\s@]+@/g, "$1:[redacted]@");
}
