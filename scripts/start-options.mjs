// The options of `npm start`, without doing anything yet.
import { resolve } from "node:path";

/** Option → what its value is, as the help shows it; null for a switch. */
const OPTIONS = {
  input: "DIR|az://…",
  accounts: "N",
  seed: "N",
  "load-date": "YYYY-MM-DD",
  output: "DIR|az://…",
  topic: "NAME",
  servers: "HOST:PORT,…",
  profile: "LOCAL|QA|PROD",
  remote: "sc://HOST:PORT",
  stage: "ADDRESS|table:DATABASE",
  "no-publish": null,
  help: null,
};

export const help = `npm start -- [options]: runs the daily load of contract events, with local services where none are named.

  --input DIR|az://…       folders accounts, parties and party_address of CSV files (default: seeded dummy data);
                           on a server also its tables: hdfs://… or table:DATABASE
  --accounts N             how many dummy accounts (default 1000)
  --seed N                 the seed of the dummy data (default 42)
  --load-date YYYY-MM-DD   the day to load (default: the only day that the input has; 2022-08-02 for dummy data)
  --output DIR|az://…      where events, rejects and counts go (default: the profile's)
  --topic NAME             the Kafka topic (default: the profile's)
  --servers HOST:PORT,…    the Kafka brokers (default: KAFKA_SERVERS, else a local one is started)
  --profile NAME           LOCAL, QA or PROD of notebooks/contract-events/profiles.json (default LOCAL)
  --remote sc://HOST:PORT  run on this Spark Connect server (default: SPARK_REMOTE, else the embedded engine)
  --stage ADDRESS          on a server: keep rows from files and dummy data there, in hdfs://… or table:DATABASE
  --no-publish             only keep the events in storage

Azure storage is the one of AZURE_STORAGE_CONNECTION_STRING or AZURE_STORAGE_ACCOUNT; with the profile LOCAL and neither
of them, Azurite is started. What was started is stopped again at the end.

Exit codes: 0 all done; 1 the load failed; 2 wrong options; 4 the kernel died; 6 the events are in storage but were not
published, because there is no broker (Java or Maven is missing); 7 done, but rows were rejected; 130 interrupted, 143 terminated.
The last line on standard output is one JSON object with the counts; eventsAcknowledged is null when nothing was published.
`;

/**
 * Reads the arguments of `npm start`.
 *
 * @param {readonly string[]} args
 * @param {{ nearest: (name: string, known: Iterable<string>) => string | undefined, profiles: readonly string[], cwd: string,
 *   remote?: string, checkRemote?: (url: string) => void }} known
 * @returns the values by option name; folders are absolute
 * @throws {TypeError} with one sentence for the user
 */
export function readOptions(args, { nearest, profiles, cwd, remote, checkRemote }) {
  const values = {};
  for (let at = 0; at < args.length; at++) {
    const [, name, inline] = /^--([^=]+)(?:=([^]*))?$/.exec(args[at]) ?? [];
    if (name === undefined || !Object.hasOwn(OPTIONS, name)) throw unknown(args[at], name, nearest);
    if (Object.hasOwn(values, name)) throw new TypeError(`The option --${name} is given twice.`);
    if (OPTIONS[name] === null) {
      if (inline !== undefined) throw new TypeError(`The option --${name} takes no value.`);
      values[name] = true;
      continue;
    }
    const value = inline ?? args[++at];
    if (value === undefined || value === "" || (inline === undefined && value.startsWith("--")))
      throw new TypeError(`The option --${name} needs a value: ${OPTIONS[name]}.`);
    values[name] = value;
  }
  checkNumber(values, "accounts", 1);
  checkNumber(values, "seed", Number.MIN_SAFE_INTEGER);
  checkDay(values["load-date"]);
  for (const name of ["accounts", "seed"]) {
    if (values[name] !== undefined && values.input !== undefined)
      throw new TypeError(`The option --${name} is for dummy data and cannot be used with --input.`);
  }
  // As in a notebook: SPARK_REMOTE=local is the embedded engine.
  if (values.remote === undefined && remote && !/^local\b/.test(remote)) values.remote = remote;
  if (values.remote !== undefined) checkRemote(values.remote);
  checkStage(values);
  values.profile ??= "LOCAL";
  if (!profiles.includes(values.profile)) {
    const near = nearest(values.profile, profiles);
    throw new TypeError(
      `There is no profile ${values.profile}. ${near ? `Did you mean ${near}?` : `The profiles are ${profiles.join(", ")}.`}`,
    );
  }
  for (const name of ["input", "output"]) {
    const value = values[name];
    if (value === undefined || isStorage(value) || (name === "input" && isFile(value))) continue;
    if (isCatalog(value) ? name === "input" && values.remote : isAddress(value) && values.remote) continue;
    if (isCatalog(value) || isAddress(value)) throw wrongPlace(name, value);
    values[name] = resolve(cwd, value);
  }
  return values;
}

function checkStage({ stage, remote }) {
  if (stage === undefined) return;
  if (remote === undefined) throw new TypeError("The option --stage is for a server: name it with --remote.");
  if (!isCatalog(stage) && (!isAddress(stage) || /^az:/i.test(stage)))
    throw new TypeError(`The option --stage takes an address of the cluster or table:DATABASE, not ${stage}.`);
}

function wrongPlace(name, value) {
  const more =
    name === "output" && isCatalog(value)
      ? "Events are files, not a table."
      : "Other places are a cluster's: name it with --remote.";
  return new TypeError(
    `The option --${name} takes a folder or an az:, wasbs: or abfss: address, not ${value}. ${more}`,
  );
}

const isAddress = (text) => /^[a-z][a-z0-9+.-]+:\/\//i.test(text);
const isFile = (text) => /^file:\/\//i.test(text);
const isCatalog = (text) => /^table:/.test(text);

/** Whether a path is an address in Azure storage. */
export function isStorage(path) {
  return /^(az|wasbs|abfss):/i.test(path ?? "");
}

function unknown(argument, name, nearest) {
  if (name === undefined)
    return new TypeError(
      `\`${argument}\` is not an option. Options begin with --; npm needs a -- of its own before them: npm start -- --accounts 5000.`,
    );
  const near = nearest(name, Object.keys(OPTIONS));
  return new TypeError(
    `There is no option --${name}. ${near ? `Did you mean --${near}?` : "npm start -- --help shows all."}`,
  );
}

function checkNumber(values, name, least) {
  if (values[name] === undefined) return;
  const number = Number(values[name]);
  if (/^-?\d+$/.test(values[name]) && Number.isSafeInteger(number) && number >= least) return;
  throw new TypeError(`The option --${name} takes a whole number${least === 1 ? " from 1" : ""}, not ${values[name]}.`);
}

function checkDay(text) {
  if (text === undefined) return;
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(text)) return;
  throw new TypeError(`The option --load-date takes a day written YYYY-MM-DD, not ${text}.`);
}
