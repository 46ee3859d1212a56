import { createHmac, timingSafeEqual } from "node:crypto";
import { SluiceError } from "../../errors.ts";

/** Signs the four JSON parts of a message and checks the signature of others. */
export interface Signer {
  /** The signature in hexadecimal; empty when the connection has no key. */
  sign(parts: readonly Buffer[]): string;
  /** Whether the signature belongs to these parts. */
  verify(parts: readonly Buffer[], signature: string): boolean;
}

/** Makes the signer of a connection from its key and scheme (`hmac-sha256` and other HMACs that Node knows). */
export function createSigner(connection: { key: string; signature_scheme: string }): Signer {
  if (connection.key === "") return { sign: () => "", verify: () => true };
  const algorithm = connection.signature_scheme.replace(/^hmac-/, "");
  const sign = (parts: readonly Buffer[]): string => {
    const hmac = createHmac(algorithm, connection.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  };
  try {
    sign([]);
  } catch (error) {
    throw new SluiceError("CONFIG_INVALID", `The signature scheme ${connection.signature_scheme} is not known.`, {
      next: "Use hmac-sha256.",
      cause: error,
    });
  }
  return {
    sign,
    verify(parts, signature) {
      const expected = Buffer.from(sign(parts));
      const given = Buffer.from(signature);
      return expected.length === given.length && timingSafeEqual(expected, given);
    },
  };
}
