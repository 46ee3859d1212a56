import { expect, test } from "vitest";
import { describeThrown } from "./traceback.ts";

test("an error with a code is its message; Node's own ERR_ codes are errors like others", () => {
  const coded = Object.assign(new Error("The topic t does not exist."), { code: "TOPIC_NOT_FOUND" });
  expect(describeThrown(coded)).toEqual({
    ename: "Error",
    evalue: "The topic t does not exist.",
    traceback: ["The topic t does not exist."],
  });
  const node = Object.assign(new TypeError("wrong"), { code: "ERR_INVALID_ARG_TYPE" });
  expect(describeThrown(node).traceback[0]).toBe("TypeError: wrong");
});

test("causes and the parts of an aggregate are named", () => {
  const caused = new Error("outer", { cause: new RangeError("inner") });
  expect(describeThrown(caused).traceback).toContain("Caused by RangeError: inner");
  const many = new AggregateError([new Error("one"), "two"], "all failed");
  expect(describeThrown(many).traceback).toEqual(
    expect.arrayContaining(["AggregateError: all failed", "- one", "- two"]),
  );
});

test("anything can be thrown", () => {
  expect(describeThrown("text")).toMatchObject({ ename: "Thrown", evalue: "text" });
  expect(describeThrown(undefined)).toMatchObject({ ename: "Thrown", evalue: "undefined" });
  expect(
    describeThrown({
      get name() {
        throw new Error("x");
      },
      message: "odd",
    }),
  ).toMatchObject({ ename: "Error", evalue: "odd" });
  const fail = () => {
    throw new Error("no");
  };
  const hostile = new Proxy({}, { get: fail, getPrototypeOf: fail, ownKeys: fail });
  expect(describeThrown(hostile).evalue).toBe("What was thrown can't be shown: looking at it throws, too.");
});
