import { expect, test } from "vitest";
import { isLoopback, parseConnectionString } from "./connection-string.ts";

test("host, port and what Spark names", () => {
  const text =
    "sc://spark.example:443/;use_ssl=true;token=a%3Db;user_id=ada;user_agent=nightly%20load;session_id=6d3f1a44-3f64-4f3c-8f43-2f7f0a7d3c11;x-databricks-cluster-id=0123-abc";
  expect(parseConnectionString(text)).toEqual({
    host: "spark.example",
    port: 443,
    useSsl: true,
    token: "a=b",
    userId: "ada",
    userAgent: "nightly load",
    sessionId: "6d3f1a44-3f64-4f3c-8f43-2f7f0a7d3c11",
    headers: { "x-databricks-cluster-id": "0123-abc" },
  });
});

test("what is left out", () => {
  expect(parseConnectionString("sc://spark")).toMatchObject({ host: "spark", port: 15002, useSsl: false, headers: {} });
  expect(parseConnectionString("SC://[::1]:7/")).toMatchObject({ host: "::1", port: 7 });
  expect(parseConnectionString("sc://spark/;token=t")).toMatchObject({ useSsl: true });
  expect(parseConnectionString("sc://localhost/;use_ssl=FALSE;token=t")).toMatchObject({ useSsl: false, token: "t" });
});

test.each([
  ["http://spark:15002", "does not begin with sc://"],
  ["spark:15002", "does not begin with sc://"],
  ["sc://", "has no host and port such as spark:15002"],
  ["sc://:15002", "has no host and port such as spark:15002"],
  ["sc://spark:port", "has no host and port such as spark:15002"],
  ["sc://spark:0", "has the port 0, which is not from 1 to 65535"],
  ["sc://spark:70000", "has the port 70000, which is not from 1 to 65535"],
  ["sc://spark:15002;token=s3cret", "needs a slash between the address and its parameters"],
  ["sc://spark/data;token=s3cret", "has a path: only parameters may follow the address"],
  ["sc://spark/;token", "has the parameter token without a value"],
  ["sc://spark/;token=", "has the parameter token without a value"],
  ["sc://spark/;=s3cret", "has a parameter without a value"],
  ["sc://spark/;token=%E0%A4%A", "has a value of token that is not percent-encoded rightly"],
  ["sc://spark/;token=s3cret%0D%0Ax-admin:1", "has a line break in the value of token"],
  ["sc://spark/;tokn=s3cret", "has the parameter tokn. Did you mean token?"],
  ["sc://spark/;a b=s3cret", "has a parameter whose name is not fit for a header"],
  ["sc://spark/;use_ssl=s3cret", "has a use_ssl that is neither true nor false"],
  ["sc://spark/;session_id=s3cret", "has a session_id that is not a UUID"],
  ["sc://spark/;use_ssl=false;token=s3cret", "has a token and use_ssl=false"],
])("%s is refused: it %s", (text, what) => {
  expect(() => parseConnectionString(text)).toThrow(
    expect.objectContaining({
      code: "CONFIG_INVALID",
      message: expect.stringContaining(`The connection string ${what}`) as string,
    }),
  );
});

test("no message shows a secret", () => {
  const secrets = [
    "sc://user:s3cret@spark:15002",
    "sc://spark/;=s3cret",
    "sc://spark/;s3cret",
    "sc://spark/;token=abc;s3cret",
    "s3cret",
    "sc://spark:s3cret",
  ];
  for (const text of secrets) {
    expect(() => parseConnectionString(text)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("s3cret") as string }),
    );
  }
});

test("addresses of this machine", () => {
  expect(["localhost", "::1", "127.0.0.1", "127.9.9.9"].every(isLoopback)).toBe(true);
  expect(["localhost.example", "128.0.0.1", "::2"].some(isLoopback)).toBe(false);
});
