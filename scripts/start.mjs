// `npm start`: the daily load of contract events from one command. Installs and builds what is missing, starts local services
// where none are named, runs the notebook, and stops what it started. `npm start -- --help` shows the options.
// Uses nothing but Node until the set-up is done.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, setup } from "./setup.mjs";
import { help, isStorage, readOptions } from "./start-options.mjs";

const NOTEBOOK = join(root, "notebooks", "contract-events.ipynb");

const say = (text) => process.stderr.write(`${text}\n`);
const interrupt = new AbortController();
let signalName;
for (const name of ["SIGINT", "SIGTERM"]) {
  process.on(name, () => {
    signalName ??= name;
    interrupt.abort();
  });
}

async function start(args) {
  const { nearest } = await built("errors.js");
  const { parseConnectionString } = await built("engines/spark-connect/connection-string.js");
  let options;
  let profiles;
  try {
    profiles = readProfiles();
    // npm runs scripts in the project's folder; a relative path is meant from where the user is.
    options = readOptions(args, {
      nearest,
      profiles: Object.keys(profiles),
      cwd: process.env.INIT_CWD ?? process.cwd(),
      remote: process.env.SPARK_REMOTE,
      checkRemote: parseConnectionString,
    });
  } catch (error) {
    if (!(error instanceof TypeError) && error?.code !== "CONFIG_INVALID") throw error;
    say(`sluice: ${error.message}`);
    return 2;
  }
  const services = new Services();
  try {
    return await load(options, profiles[options.profile], services);
  } catch (error) {
    const stopped = interrupt.signal.aborted;
    say(
      stopped
        ? "sluice: The load was interrupted."
        : `sluice: ${error instanceof Error ? error.message : String(error)}`,
    );
    return stopped ? (signalName === "SIGTERM" ? 143 : 130) : 1;
  } finally {
    await services.stop();
  }
}

async function load(options, profile, services) {
  const local = options.profile === "LOCAL";
  const output = options.output ?? profile.output;
  const topic = options.topic ?? profile.kafka.topic;
  let servers = options.servers ?? (local ? process.env.KAFKA_SERVERS || undefined : undefined);
  let publish = !options["no-publish"];
  let notPublishedBecause = "";

  // A cluster opens Azure's long addresses with its own keys.
  const isOurs = (path) => isStorage(path) && !(options.remote && !/^az:/i.test(path));
  if (local && (isOurs(output) || isOurs(options.input)) && !(await hasStorage())) {
    await services.storage(options.output === undefined ? output : undefined);
  }
  if (local && publish && servers === undefined) {
    try {
      servers = await services.broker(topic);
    } catch (error) {
      if (error?.code !== "DEPENDENCY_MISSING") throw error;
      publish = false;
      notPublishedBecause = error.message;
      say(`sluice: ${error.message} The events are kept in storage and not published.`);
    }
  }
  interrupt.signal.throwIfAborted();

  const parameters = {
    loadDate: options["load-date"],
    input: options.input,
    accounts: options.accounts,
    seed: options.seed,
    output,
    stage: options.stage,
    topic,
    servers,
    profile: options.profile,
    publish: String(publish),
    notPublishedBecause,
  };
  const executed = join(root, "output", "contract-events.executed.ipynb");
  mkdirSync(join(root, "output"), { recursive: true });
  const { main } = await built("cli/main.js");
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return main([
    "run",
    NOTEBOOK,
    "--output",
    executed,
    ...(options.remote === undefined ? [] : ["--remote", options.remote]),
    ...given.flatMap(([name, value]) => ["--parameter", `${name}=${value}`]),
  ]);
}

/** The local services of a run: those it starts, it stops; those that run already stay. */
class Services {
  #started = [];

  /** Starts Azurite; makes the container of an address that is the profile's own. */
  async storage(address) {
    const { azuriteConnectionString } = await built("stack/index.js");
    const azurite = await this.#up("azurite");
    // Read by the library in the kernel, which inherits the environment.
    process.env.AZURE_STORAGE_CONNECTION_STRING = azuriteConnectionString(azurite);
    if (address === undefined) return;
    const { openContainer } = await built("azure/index.js");
    await (await openContainer(address)).create({ signal: interrupt.signal });
  }

  /** Starts Kafka, makes the topic when it is not there, and gives the broker's address. */
  async broker(topic) {
    const kafka = await this.#up("kafka");
    const { connect } = await built("kafka/index.js");
    const cluster = connect({ "bootstrap.servers": kafka.address });
    try {
      const { signal } = interrupt;
      if (!(await cluster.topics({ signal })).includes(topic))
        await cluster.createTopic(topic, { partitions: 3, signal });
    } finally {
      await cluster.close();
    }
    return kafka.address;
  }

  async stop() {
    if (this.#started.length === 0) return;
    const { down } = await built("stack/index.js");
    await down(this.#started).catch((error) => say(`sluice: ${error.message}`));
  }

  async #up(name) {
    const { status, up } = await built("stack/index.js");
    const before = (await status()).find((service) => service.name === name);
    // Noted first: an interrupt while it starts must stop it too.
    if (before?.state !== "running") this.#started.push(name);
    const [running] = await up([name], { signal: interrupt.signal, onProgress: ({ text }) => say(text) });
    return running;
  }
}

/** The profiles by name. The notebook checks what is in them; here only their names, output and topic are of use. */
function readProfiles() {
  const file = join(root, "notebooks", "contract-events", "profiles.json");
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new TypeError(`The configuration file ${file} cannot be read: ${error.message}.`);
  }
}

async function hasStorage() {
  const { findSecret } = await built("azure/index.js");
  return ["AZURE_STORAGE_CONNECTION_STRING", "AZURE_STORAGE_ACCOUNT"].some((name) => findSecret(name) !== undefined);
}

function built(module) {
  return import(new URL(`../kernel-lib/dist/${module}`, import.meta.url).href);
}

if (process.argv.includes("--help")) {
  process.stdout.write(help);
} else {
  await setup();
  process.exitCode = await start(process.argv.slice(2));
}
