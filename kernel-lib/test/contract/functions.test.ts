// Every function against what real Spark answered.
import { afterAll, describe, expect, test } from "vitest";
import { Asker, expectedOf, modes, probes, sameAnswer, titleOf } from "./functions-answers.ts";
import { contractTest, deviations } from "./under-test.ts";

const asker = new Asker();
afterAll(() => asker.close());

const contract = contractTest("functions", { concurrent: true });

for (const mode of modes) {
  describe(mode, () => {
    for (const probe of probes) {
      contract(titleOf(probe, mode), async () => {
        const expected = expectedOf(probe, mode);
        const actual = await asker.ask(probe, mode);
        if (!sameAnswer(actual, expected))
          expect(actual).toEqual({ ...expected, names: actual.names ?? expected.names });
      });
    }
  });
}

test("every deviation names a probe", () => {
  const titles = new Set(modes.flatMap((mode) => probes.map((probe) => `functions: ${titleOf(probe, mode)}`)));
  const listed = Object.keys(deviations).filter((title) => title.startsWith("functions: "));
  expect(listed.filter((title) => !titles.has(title))).toEqual([]);
});
