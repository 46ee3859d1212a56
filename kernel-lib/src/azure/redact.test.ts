import { expect, test } from "vitest";
import { redact, rememberSecret } from "./redact.ts";

test("remembered values, also as they stand in a URL, are replaced", () => {
  rememberSecret("p@ss/word+1");
  expect(redact("user p@ss/word+1 at ?pw=p%40ss%2Fword%2B1.")).toBe("user [redacted] at ?pw=[redacted].");
});

test("a secret inside a longer one does not leave the rest of it behind", () => {
  rememberSecret("inner-value");
  rememberSecret("outer-inner-value-end");
  expect(redact("outer-inner-value-end inner-value")).toBe("[redacted] [redacted]");
});

test("keys and signatures are hidden without being known", () => {
  expect(redact("AccountName=a;AccountKey=qQ1+/==;EndpointSuffix=x")).toBe(
    "AccountName=a;AccountKey=[redacted];EndpointSuffix=x",
  );
  expect(redact("https://a/b?sv=2024&sig=abc%2B&se=1")).toBe("https://a/b?sv=2024&sig=[redacted]&se=1");
  expect(redact("https://me:hunter22@host/x")).toBe("https://me:[redacted]@host/x");
  expect(redact("nothing to hide, design=good")).toBe("nothing to hide, design=good");
});
