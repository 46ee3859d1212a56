// Every function of the embedded engine against what real Spark answered.
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { Asker, expectedOf, modes, probes, sameAnswer, titleOf } from "./functions-answers.ts";

/** What does not hold yet, with the reason; an entry that holds again fails. */
const deviations = JSON.parse(readFileSync(new URL("functions-deviations.json", import.meta.url), "utf8")) as Readonly<
  Record<string, string>
>;

const asker = new Asker();
afterAll(() => asker.close());

for (const mode of modes) {
  describe(mode, () => {
    for (const probe of probes) {
      const title = titleOf(probe, mode);
      test(title, async () => {
        const expected = expectedOf(probe, mode);
        const actual = await asker.ask(probe, mode);
        const reason = deviations[title];
        if (reason === undefined) {
          if (!sameAnswer(actual, expected))
            expect(actual).toEqual({ ...expected, names: actual.names ?? expected.names });
        } else {
          expect(sameAnswer(actual, expected), `no longer deviates; take it off the list: ${reason}`).toBe(false);
        }
      });
    }
  });
}

test("every deviation names a probe", () => {
  const titles = new Set(modes.flatMap((mode) => probes.map((probe) => titleOf(probe, mode))));
  expect(Object.keys(deviations).filter((title) => !titles.has(title))).toEqual([]);
});
