import { messageOf, nearest, SluiceError } from "../errors.ts";
import type { KafkaSettings } from "./options.ts";

/** The error codes of Kafka's protocol that mean something to us. */
export const kafkaCodes = {
  none: 0,
  offsetOutOfRange: 1,
  unknownTopic: 3,
  leaderNotAvailable: 5,
  notLeader: 6,
  messageTooLarge: 10,
  coordinatorLoading: 14,
  coordinatorNotAvailable: 15,
  invalidTopic: 17,
  recordListTooLarge: 18,
  topicAuthorization: 29,
  clusterAuthorization: 31,
  topicExists: 36,
  outOfOrderSequence: 45,
  duplicateSequence: 46,
  invalidRecord: 87,
} as const;

/** Codes that pass by themselves: leaders move, replicas fall behind, coordinators start, storage hiccups. */
export const passingCodes: ReadonlySet<number> = new Set([
  2, 5, 6, 7, 8, 9, 13, 14, 15, 16, 19, 20, 56, 74, 75, 76, 78, 84, 89,
]);

/** What a request was about, for the sentence of its error. */
export interface ErrorContext {
  settings: KafkaSettings;
  topic?: string;
}

interface LibraryError {
  code?: string;
  apiCode?: number;
  apiId?: string;
  serverErrorMessage?: string | null;
  cause?: unknown;
  errors?: unknown[];
}

/** Says in one sentence what went wrong in a request to Kafka; a SluiceError stays as it is. */
export function kafkaError(thrown: unknown, context: ErrorContext): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  const chain = [...flatten(thrown)];
  const servers = context.settings.serversText;
  if (chain.some((error) => error.code === "PLT_KFK_AUTHENTICATION")) return authenticationFailed(context, thrown);
  const refused = chain.find((error) => error.apiCode !== undefined && error.apiCode > 0);
  if (refused?.apiCode !== undefined)
    return codeError(refused.apiCode, context, refused.serverErrorMessage ?? undefined);
  const certificate = chain.find((error) => /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/.test(String(error.code)));
  if (certificate) {
    return new SluiceError(
      "SERVICE_UNAVAILABLE",
      `The certificate of the Kafka broker at ${servers} is not trusted (${certificate.code}).`,
      {
        next: "Give the certificate of its authority as ssl.truststore.certificates.",
        cause: thrown,
      },
    );
  }
  const system = chain.find((error) => /^(E[A-Z]+|ERR_SSL\w*)$/.test(String(error.code)))?.code;
  if (system === undefined && !chain.some((error) => error.code === "PLT_KFK_NETWORK")) {
    return new SluiceError("INTERNAL", `The Kafka client failed: ${messageOf(thrown)}`, { cause: thrown });
  }
  const unknownHost = system === "ENOTFOUND" || system === "EAI_AGAIN";
  const reason =
    system === "ECONNREFUSED"
      ? "nothing listens there"
      : unknownHost
        ? "the host name is unknown"
        : "it does not answer";
  return unavailable(context, reason, thrown);
}

/** The error of a broker that can't be reached. */
export function unavailable({ settings }: ErrorContext, reason: string, cause?: unknown): SluiceError {
  return new SluiceError(
    "SERVICE_UNAVAILABLE",
    `The Kafka broker at ${settings.serversText} can't be reached: ${reason}.`,
    {
      next: `Check bootstrap.servers and security.protocol, or start a local broker with \`sluice stack up kafka\`.`,
      cause,
    },
  );
}

/** The error for one of Kafka's error codes. */
export function codeError(code: number, context: ErrorContext, said?: string): SluiceError {
  const topic = context.topic ?? "";
  const user = context.settings.sasl?.username;
  switch (code) {
    case kafkaCodes.unknownTopic:
      return topicNotFound(topic, [], context.settings);
    case kafkaCodes.topicAuthorization:
      return new SluiceError(
        "PERMISSION_DENIED",
        `Kafka does not let ${user ? `the user ${user}` : "this client"} use the topic ${topic}.`,
        { next: "Ask for the right in the cluster's access rules." },
      );
    case kafkaCodes.clusterAuthorization:
      return new SluiceError(
        "PERMISSION_DENIED",
        `Kafka does not let ${user ? `the user ${user}` : "this client"} do that on the cluster ${context.settings.serversText}.`,
        {
          next: "Ask for the right in the cluster's access rules.",
        },
      );
    case kafkaCodes.topicExists:
      return new SluiceError("ALREADY_EXISTS", `The Kafka topic ${topic} exists already.`, {
        next: "Publish to it as it is, or remove it with deleteTopic first.",
      });
    case kafkaCodes.invalidTopic:
      return new SluiceError("INPUT_INVALID", `${JSON.stringify(topic)} can't be the name of a Kafka topic.`, {
        next: "Use letters, digits, dots, hyphens and underscores, at most 249.",
      });
    case kafkaCodes.messageTooLarge:
    case kafkaCodes.recordListTooLarge:
      return new SluiceError("INPUT_INVALID", `A record is larger than the Kafka topic ${topic} takes.`, {
        next: "Raise the topic's max.message.bytes or make the record smaller.",
      });
    case kafkaCodes.offsetOutOfRange:
      return new SluiceError(
        "NOT_FOUND",
        `Kafka has removed records of the topic ${topic} that were still to be read.`,
        { next: "Read it again from its present start, and keep its records longer (retention.ms)." },
      );
    default:
      if (passingCodes.has(code)) {
        return new SluiceError(
          "SERVICE_UNAVAILABLE",
          `The Kafka cluster ${context.settings.serversText} can't serve ${topic ? `the topic ${topic}` : "requests"} just now (error code ${code}).`,
          {
            next: "Try again, and look at the state of its brokers when that lasts.",
          },
        );
      }
      return new SluiceError(
        "PROTOCOL",
        `Kafka refused a request${topic && ` about the topic ${topic}`} with the error code ${code}${said ? `: ${said.replace(/\.$/, "")}` : ""}.`,
      );
  }
}

/** The error of a topic that does not exist, with the nearest one that does. */
export function topicNotFound(topic: string, existing: readonly string[], settings: KafkaSettings): SluiceError {
  const near = nearest(topic, existing);
  const hint = near === undefined ? "" : `The nearest existing one is ${near}. `;
  return new SluiceError("TOPIC_NOT_FOUND", `The Kafka topic ${topic} does not exist.`, {
    next: `${hint}Create it with \`await kafka.connect(${optionsText(settings)}).createTopic(${JSON.stringify(topic)})\`, in a program after \`import * as kafka from "sluice/kafka"\`.`,
  });
}

/** The options of a connection as code, without its secrets. */
function optionsText({ serversText, tls, sasl }: KafkaSettings): string {
  const more = tls || sasl ? ", … " : " ";
  return `{ "bootstrap.servers": ${JSON.stringify(serversText)}${more}}`;
}

/** The error of an aborted call. */
export function interrupted(what: string): SluiceError {
  return new SluiceError("INTERRUPTED", `${what} was interrupted.`);
}

function authenticationFailed({ settings }: ErrorContext, cause: unknown): SluiceError {
  // The library's error holds what was sent, secrets included: only its kind is kept.
  const detail = [...flatten(cause)].some(
    (error) => error.apiId === "UNSUPPORTED_SASL_MECHANISM" || error.apiId === "ILLEGAL_SASL_STATE",
  );
  const { mechanism = "", username = "" } = settings.sasl ?? {};
  return detail
    ? new SluiceError(
        "AUTHENTICATION_FAILED",
        `The Kafka broker at ${settings.serversText} does not offer the mechanism ${mechanism}.`,
        { next: "Change sasl.mechanism or security.protocol." },
      )
    : new SluiceError(
        "AUTHENTICATION_FAILED",
        `The Kafka broker at ${settings.serversText} refused the user ${username} (${mechanism}).`,
        { next: "Check sasl.username and sasl.password." },
      );
}

function* flatten(thrown: unknown, depth = 0): Generator<LibraryError> {
  if (typeof thrown !== "object" || thrown === null || depth > 8) return;
  const error = thrown as LibraryError;
  yield error;
  yield* flatten(error.cause, depth + 1);
  for (const inner of error.errors ?? []) yield* flatten(inner, depth + 1);
}
