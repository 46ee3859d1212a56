import { expect, test } from "vitest";
import { accountOf, childUri, formatStorageUri, isStorageUri, parseStorageUri } from "./uri.ts";

test("the three forms are read and written back", () => {
  for (const text of [
    "az://landing/accounts/load_date=2024-01-01/a b%20c.csv",
    "az://landing/",
    "wasbs://landing@bank.blob.core.windows.net/accounts/",
    "abfss://landing@bank.dfs.core.windows.net/accounts/x@y.csv",
  ]) {
    expect(isStorageUri(text)).toBe(true);
    expect(formatStorageUri(parseStorageUri(text))).toBe(text);
  }
});

test("an abfss host becomes the account's blob host", () => {
  const uri = parseStorageUri("abfss://landing@bank.dfs.core.windows.net/a");
  expect(uri).toEqual({ scheme: "abfss", container: "landing", path: "a", host: "bank.blob.core.windows.net" });
  expect(accountOf(uri)).toBe("bank");
  expect(formatStorageUri(childUri(uri, "b.csv"))).toBe("abfss://landing@bank.dfs.core.windows.net/a/b.csv");
});

test.each([
  "s3://bucket/key",
  "az:/landing",
  "az://",
  "wasbs://landing/path",
  "az://user@landing/path",
  "az://UPPER/path",
  "az://a--b/path",
])("%s is refused by name", (text) => {
  expect(() => parseStorageUri(text)).toThrow(text);
});
