import type { Client } from "./client.ts";
import { answerOf } from "./client.ts";
import { codeError, kafkaCodes, kafkaError } from "./errors.ts";

const topicResource = 2;
const kafkaDefault = 1_048_588;

/** The size in bytes that a batch of the topic may have; Kafka's default where we may not ask. */
export async function topicLimits(client: Client, topic: string): Promise<number> {
  const context = { settings: client.settings, topic };
  const request = client.callAny(
    client.library.describeConfigsV3.api,
    [{ resourceType: topicResource, resourceName: topic, configurationKeys: ["max.message.bytes"] }],
    false,
    false,
  );
  const answer = await request
    .catch((thrown: unknown) => answerOf<Awaited<typeof request>>(thrown))
    .catch((thrown: unknown) => Promise.reject(kafkaError(thrown, context)));
  const result = answer.results[0];
  const code = result?.errorCode ?? 0;
  if (code === kafkaCodes.topicAuthorization) return kafkaDefault;
  if (code !== 0) throw codeError(code, context);
  return Number(result?.configs[0]?.value ?? kafkaDefault);
}
