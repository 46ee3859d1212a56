import { expect, test } from "vitest";
import { recordingSession } from "./testkit.ts";

const { engine, session } = recordingSession();
const frame = session.createDataFrame([{ id: 1, amt: 2.5 }]);
/** The methods as plain JavaScript calls them. */
const js = frame as unknown as Record<string, (...args: readonly unknown[]) => unknown>;
const call = async (method: string, ...args: readonly unknown[]): Promise<unknown> => js[method]!(...args);

const SHOW = "Write show(n, truncate, vertical), such as show(20, false).";

test.each<[readonly unknown[], string]>([
  [[{ n: 1 }], "[NOT_INT] Argument `n` should be an int, got object."],
  [[false], "[NOT_INT] Argument `n` should be an int, got bool."],
  [[2.5], "[NOT_INT] Argument `n` should be an int, got float."],
  [[NaN], "[NOT_INT] Argument `n` should be an int, got float."],
  [[null], "[NOT_INT] Argument `n` should be an int, got null."],
  [["5"], "[NOT_INT] Argument `n` should be an int, got str."],
  [[5, "no"], "[NOT_BOOL] Argument `truncate` should be a bool or an int, got str."],
  [[5, true, 1], "[NOT_BOOL] Argument `vertical` should be a bool, got int."],
])("show(...%j) says what show takes, and asks nothing of the engine", async (args, message) => {
  const before = engine.executed.length;
  await expect(call("show", ...args)).rejects.toThrow(`${message} ${SHOW}`);
  expect(engine.executed).toHaveLength(before);
});

test.each(["limit", "offset", "take", "head", "tail"])("%s takes a whole number only", async (method) => {
  for (const [value, kind] of [
    [2.5, "float"],
    ["2", "str"],
  ])
    await expect(call(method, value)).rejects.toThrow(
      `[NOT_INT] Argument \`num\` should be an int, got ${kind}. Write`,
    );
});
