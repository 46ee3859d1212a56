import { expect, test } from "vitest";
import { Subscriber, XPublisher } from "zeromq";
import { newConnection } from "./connection.ts";
import { WelcomingSocket } from "./welcoming-socket.ts";

test("who subscribes while the thread is busy is welcomed before it hears anything else", async () => {
  const address = `tcp://127.0.0.1:${(await newConnection()).iopub_port}`;
  const publisher = new XPublisher({ verbosity: "allSubs", linger: 0 });
  await publisher.bind(address);
  const socket = new WelcomingSocket(publisher, (topic) => [`welcome ${topic.toString()}`]);
  void (async () => {
    for await (const [frame] of publisher) if (frame?.[0] === 1) socket.subscribed(frame.subarray(1));
  })();
  const subscribers = ["", "news", ""].map((topic) => {
    const subscriber = new Subscriber({ linger: 0 });
    subscriber.connect(address);
    subscriber.subscribe(topic);
    return subscriber;
  });
  const until = Date.now() + 300;
  while (Date.now() < until);
  await socket.send(["news of today"]);
  try {
    for (const [index, subscriber] of subscribers.entries()) {
      const told: string[] = [];
      while (!told.includes("news of today")) told.push(String((await subscriber.receive())[0]));
      // Those for all topics see the welcomes of others, too.
      if (index === 1) expect(told).toEqual(["news of today"]);
      else expect(told[0]).toMatch(/^welcome /);
    }
  } finally {
    for (const open of [publisher, ...subscribers]) open.close();
  }
});
