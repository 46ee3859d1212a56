import type { Client } from "./client.ts";
import { answerOf } from "./client.ts";

const topicResource = 2;
const kafkaDefault = 1_048_588;

/** The size in bytes that a batch of the topic may have; Kafka's default where we may not ask. */
export async function topicLimits(client: Client, topic: string): Promise<number> {
  const request = client.callAny(
    client.library.describeConfigsV2.api,
    [{ resourceType: topicResource, resourceName: topic, configurationKeys: ["max.message.bytes"] }],
    false,
    false,
  );
  const answer = await request.catch((thrown: unknown) => {
    try {
      return answerOf<Awaited<typeof request>>(thrown);
    } catch {
      return undefined;
    }
  });
  const value = Number(answer?.results[0]?.configs.find((config) => config.name === "max.message.bytes")?.value);
  return Number.isInteger(value) && value > 0 ? value : kafkaDefault;
}
