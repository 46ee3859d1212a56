/** How clients talk to the broker: in the clear, or by TLS with a user name and a password. */
export type KafkaMode = "plaintext" | "sasl_ssl";

/** What stands in the configuration of a broker. */
export interface KafkaConfig {
  mode: KafkaMode;
  port: number;
  controllerPort: number;
  /** The folder of the topics. */
  data: string;
  /** True lets a broker that was killed serve again within a second or two of its restart, at the price of being taken for dead sooner. */
  quickRestart?: boolean;
  /** TLS files and users; only in the mode `sasl_ssl`. */
  security?: KafkaSecurity;
}

/** The TLS files and users of a broker. */
export interface KafkaSecurity {
  keystore: string;
  keystorePassword: string;
  /** The certificate as a PEM file. */
  certificate: string;
  /** Password by user name. `broker` must be one of them. */
  users: Readonly<Record<string, string>>;
  /** Users who may do everything; all others may do nothing. */
  administrators: readonly string[];
}

/** The text of `server.properties` for one broker that is its own controller and listens on 127.0.0.1 only. */
export function serverProperties(config: KafkaConfig): string {
  const listener = config.mode.toUpperCase();
  const settings: Record<string, string | number | boolean> = {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${config.controllerPort}`,
    "controller.listener.names": "CONTROLLER",
    listeners: `${listener}://127.0.0.1:${config.port},CONTROLLER://127.0.0.1:${config.controllerPort}`,
    "advertised.listeners": `${listener}://127.0.0.1:${config.port}`,
    "inter.broker.listener.name": listener,
    "listener.security.protocol.map": `CONTROLLER:PLAINTEXT,${listener}:${listener}`,
    "log.dirs": config.data,
    // A topic that nobody created is an error to be told, not a topic with default settings.
    "auto.create.topics.enable": false,
    "num.partitions": 3,
    "group.initial.rebalance.delay.ms": 0,
    ...forOneBroker,
    ...(config.quickRestart ? { "broker.session.timeout.ms": 2000, "broker.heartbeat.interval.ms": 500 } : {}),
    ...(config.security ? securitySettings(config.security) : {}),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

const forOneBroker = {
  "offsets.topic.num.partitions": 1,
  "offsets.topic.replication.factor": 1,
  "transaction.state.log.num.partitions": 1,
  "transaction.state.log.replication.factor": 1,
  "transaction.state.log.min.isr": 1,
  "share.coordinator.state.topic.num.partitions": 1,
  "share.coordinator.state.topic.replication.factor": 1,
  "share.coordinator.state.topic.min.isr": 1,
};

function securitySettings(security: KafkaSecurity): Record<string, string> {
  const users = Object.entries(security.users).map(([name, password]) => `user_${name}="${password}"`);
  const login = `username="broker" password="${security.users["broker"]}"`;
  // The controller's own listener is plain text on loopback: its user is ANONYMOUS.
  const administrators = ["broker", "ANONYMOUS", ...security.administrators].map((name) => `User:${name}`);
  return {
    "ssl.keystore.type": "PKCS12",
    "ssl.keystore.location": security.keystore,
    "ssl.keystore.password": security.keystorePassword,
    "ssl.truststore.type": "PEM",
    "ssl.truststore.location": security.certificate,
    "sasl.enabled.mechanisms": "PLAIN",
    "sasl.mechanism.inter.broker.protocol": "PLAIN",
    "listener.name.sasl_ssl.plain.sasl.jaas.config": `org.apache.kafka.common.security.plain.PlainLoginModule required ${login} ${users.join(" ")};`,
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": administrators.join(";"),
  };
}
