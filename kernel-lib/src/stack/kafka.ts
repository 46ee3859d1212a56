import { join } from "node:path";
import { kafkaProgram, kafkaVersion, launchBroker, prepareBroker } from "./kafka-broker.ts";
import type { KafkaConfig } from "./kafka-config.ts";
import { brokerAnswers } from "./kafka-probe.ts";
import { choosePort, freePort } from "./ports.ts";
import { endProcess } from "./process.ts";
import type { Service } from "./service.ts";

/** A real Apache Kafka: one broker that is its own controller (KRaft), in plain text on 127.0.0.1. Its topics stay when it is stopped. */
export const kafka: Service = {
  name: "kafka",
  version: kafkaVersion,
  async start({ folder, port: asked, detached, onProgress, signal }) {
    const program = await kafkaProgram(onProgress, signal);
    const port = await choosePort(asked, 9092);
    const controllerPort = await freePort(port + 1);
    const config: KafkaConfig = { mode: "plaintext", port, controllerPort, data: join(folder, "data") };
    onProgress?.({ service: "kafka", text: `Starting Kafka ${kafkaVersion}.` });
    await prepareBroker(program, folder, config);
    const { pid, born } = await launchBroker(program, folder, config, detached, signal);
    return {
      name: "kafka",
      version: kafkaVersion,
      port,
      address: `127.0.0.1:${port}`,
      pid,
      born,
      log: join(folder, "broker.log"),
    };
  },
  ready: (running) => brokerAnswers(running.port),
  stop: (running) => endProcess(running),
};
