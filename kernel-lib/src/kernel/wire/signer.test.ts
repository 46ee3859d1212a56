import { expect, test } from "vitest";
import { createSigner } from "./signer.ts";

const parts = ["{}", "{}", "{}", '{"a":1}'].map((text) => Buffer.from(text));

test("signatures are HMAC-SHA256 of the parts in order", () => {
  const signer = createSigner({ key: "secret", signature_scheme: "hmac-sha256" });
  const signature = signer.sign(parts);
  expect(signature).toMatch(/^[0-9a-f]{64}$/);
  expect(signature).toBe(signer.sign([Buffer.from('{}{}{}{"a":1}')]));
  expect(signer.verify(parts, signature)).toBe(true);
  expect(signer.verify([...parts].reverse(), signature)).toBe(false);
  expect(signer.verify(parts, signature.slice(1))).toBe(false);
  expect(signer.verify(parts, "")).toBe(false);
});

test("without a key nothing is signed", () => {
  const signer = createSigner({ key: "", signature_scheme: "hmac-sha256" });
  expect(signer.sign(parts)).toBe("");
  expect(signer.verify(parts, "anything")).toBe(true);
});

test("an unknown scheme is an error that names it", () => {
  expect(() => createSigner({ key: "k", signature_scheme: "hmac-rot13" })).toThrow("hmac-rot13 is not known");
});
