import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { azurite, azuriteConnectionString } from "./azurite.ts";
import { kafkaProgram, launchBroker, makeSecurity, newSecret, prepareBroker } from "./kafka-broker.ts";
import type { KafkaConfig, KafkaMode } from "./kafka-config.ts";
import { choosePort, freePort } from "./ports.ts";
import { endProcess } from "./process.ts";
import type { ProgressListener, RunningService } from "./service.ts";

/** How to start a broker for a test. */
export interface LocalKafkaOptions {
  /** `plaintext` (the default), or `sasl_ssl`: TLS with the mechanism PLAIN and access rights. */
  mode?: KafkaMode;
  /** A free port when it is not given. */
  port?: number;
  onProgress?: ProgressListener;
  signal?: AbortSignal;
}

/** A user of a broker in the mode `sasl_ssl`. */
export interface LocalKafkaUser {
  username: string;
  password: string;
}

/** A broker of a test, on a free port and with its own data, which ends with the test. */
export interface LocalKafka extends AsyncDisposable {
  /** `127.0.0.1:port`, as `bootstrap.servers` takes it. */
  readonly address: string;
  readonly port: number;
  readonly log: string;
  /** The process that leads the broker's process group. */
  readonly pid: number;
  /** The broker's certificate as PEM text; only in the mode `sasl_ssl`. */
  readonly certificate: string | undefined;
  /** A user who may do everything; only in the mode `sasl_ssl`. */
  readonly user: LocalKafkaUser | undefined;
  /** A user who may log in and do nothing; only in the mode `sasl_ssl`. */
  readonly guest: LocalKafkaUser | undefined;
  /** Kills the broker at once (kill -9), as a power cut would; its data stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts a real Kafka broker for a test: its own data in a temporary folder, on a free port. It ends with this process at
 * the latest.
 *
 * @example
 * ```ts
 * import { startKafka } from "sluice/stack";
 * await using broker = await startKafka({ mode: "sasl_ssl" });
 * console.log(broker.address, broker.user?.username);
 * ```
 */
export async function startKafka(options: LocalKafkaOptions = {}): Promise<LocalKafka> {
  const { mode = "plaintext", onProgress, signal } = options;
  const program = await kafkaProgram(onProgress, signal);
  const folder = await mkdtemp(join(tmpdir(), "sluice-kafka-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const port = await choosePort(options.port, 0);
    const config: KafkaConfig = {
      mode,
      port,
      controllerPort: await freePort(),
      data: join(folder, "data"),
      quickRestart: true,
    };
    const user = { username: "client", password: newSecret() };
    const guest = { username: "guest", password: newSecret() };
    if (mode === "sasl_ssl") {
      const users = { [user.username]: user.password, [guest.username]: guest.password };
      config.security = await makeSecurity(program, folder, users, [user.username]);
    }
    await prepareBroker(program, folder, config);
    let launched = await launchBroker(program, folder, config, false, signal);
    const stop = async (): Promise<void> => {
      await endProcess(launched, 0);
      await remove();
    };
    return {
      address: `127.0.0.1:${port}`,
      port,
      log: join(folder, "broker.log"),
      get pid() {
        return launched.pid;
      },
      certificate: config.security && (await readFile(config.security.certificate, "utf8")),
      user: config.security && user,
      guest: config.security && guest,
      kill: () => endProcess(launched, 0),
      restart: async () => {
        launched = await launchBroker(program, folder, config, false);
      },
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (thrown) {
    // The error names the log: it stays where it is.
    if (signal?.aborted) await remove();
    throw thrown;
  }
}

/** Azurite of a test, on a free port and with its own data, which ends with the test. */
export interface LocalAzurite extends RunningService, AsyncDisposable {
  /** As the Azure SDK takes it. */
  readonly connectionString: string;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts Azurite for a test: its own data in a temporary folder, on a free port. It ends with this process at the latest.
 *
 * @example
 * ```ts
 * import { startAzurite } from "sluice/stack";
 * await using storage = await startAzurite();
 * console.log(storage.connectionString.includes("devstoreaccount1")); // true
 * ```
 */
export async function startAzurite(options: { port?: number; signal?: AbortSignal } = {}): Promise<LocalAzurite> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-azurite-"));
  try {
    const port = await choosePort(options.port, 0);
    const running = await azurite.start({
      folder,
      port,
      detached: false,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    const stop = async (): Promise<void> => {
      await endProcess(running, 0);
      await rm(folder, { recursive: true, force: true });
    };
    return { ...running, connectionString: azuriteConnectionString(running), stop, [Symbol.asyncDispose]: stop };
  } catch (thrown) {
    // The error names the log: it stays where it is.
    if (options.signal?.aborted) await rm(folder, { recursive: true, force: true });
    throw thrown;
  }
}
