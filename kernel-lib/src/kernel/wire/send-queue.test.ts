import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { SendQueue } from "./send-queue.ts";

test("sends one message at a time, in order, and goes on after a failure", async () => {
  const sent: string[] = [];
  const failures: unknown[] = [];
  let sending = 0;
  const queue = new SendQueue(
    {
      async send([frame]) {
        expect(++sending).toBe(1);
        await sleep(2);
        sending--;
        if (frame === "bad") throw new Error("refused");
        sent.push(String(frame));
      },
    },
    (error) => failures.push(error),
  );
  for (const text of ["a", "bad", "b", "c"]) void queue.send(() => [text]);
  await queue.drained();
  expect(sent).toEqual(["a", "b", "c"]);
  expect(failures).toHaveLength(1);
});
