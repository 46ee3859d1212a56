import { down, services, sparkVersions, status, up, usualServices } from "../../stack/index.ts";
import type { ServiceStatus } from "../../stack/index.ts";
import type { Arguments, Command, CommandGroup } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { table } from "../help.ts";
import { interruptSignals } from "../interrupt-signals.ts";
import { unknownName, usage } from "../parse-arguments.ts";

const names = services.join(", ");

/** The services that have a choice of Sparks. */
const versioned = ["spark", "spark-standalone"];

const upCommand: Command = {
  usage: "stack up [SERVICE]… [options]",
  summary: `Starts local services (${names}) and waits until they answer; without a name, ${usualServices.join(" and ")}.`,
  options: {
    "spark-version": {
      type: "string",
      value: "VERSION",
      help: `the Spark of ${versioned.join(" and ")}: ${sparkVersions.join(", ")}`,
    },
    conf: {
      type: "string",
      value: "KEY=VALUE",
      multiple: true,
      help: "a setting of the Sparks that are started (more than one is allowed); those that run keep theirs",
    },
  },
  async run(args) {
    const wanted = namedServices(args, "sluice stack up", usualServices);
    const version = args.text("spark-version");
    const versions = version === undefined ? {} : Object.fromEntries(versioned.map((name) => [name, version]));
    const conf = Object.fromEntries(args.texts("conf").map(setting));
    const signals = interruptSignals();
    try {
      const running = await up(wanted, {
        versions,
        conf,
        signal: signals.interrupt,
        onProgress: ({ service, text }) => process.stderr.write(`${service}: ${text}\n`),
      });
      for (const { name, version, address, hdfs } of running) {
        process.stdout.write(
          `${name} ${version} runs at ${address}${hdfs === undefined ? "" : `, its files at ${hdfs}`}\n`,
        );
      }
      return exitCodes.passed;
    } finally {
      signals.release();
    }
  },
};

const statusCommand: Command = {
  usage: "stack status [SERVICE]…",
  summary: "Says which local services run, and where. Ends with 1 when one of those named does not.",
  options: {},
  async run(args) {
    const wanted = namedServices(args, "sluice stack status");
    const found = (await status()).filter(({ name }) => wanted.includes(name));
    process.stdout.write(table(found.map((one) => [one.name, describe(one)])) + "\n");
    const missing = args.positionals.length > 0 && found.some(({ state }) => state !== "running");
    return missing ? exitCodes.cellFailed : exitCodes.passed;
  },
};

const downCommand: Command = {
  usage: "stack down [SERVICE]…",
  summary: "Stops the local services that `sluice stack up` started; without a name, all of them.",
  options: {},
  async run(args) {
    const stopped = await down(namedServices(args, "sluice stack down"));
    process.stdout.write(stopped.length === 0 ? "Nothing was running.\n" : `Stopped ${stopped.join(", ")}.\n`);
    return exitCodes.passed;
  },
};

/** `sluice stack`: starts and stops local services for development and tests. */
export const stack: CommandGroup = {
  summary: `Starts and stops local services for development and tests: ${names}.`,
  commands: {
    up: { summary: "starts services and waits until they answer", load: () => Promise.resolve(upCommand) },
    status: { summary: "says which services run, and where", load: () => Promise.resolve(statusCommand) },
    down: { summary: "stops services", load: () => Promise.resolve(downCommand) },
  },
};

function setting(text: string): [key: string, value: string] {
  const at = text.indexOf("=");
  if (at < 1) throw usage(`A setting is KEY=VALUE, and \`${text}\` is not.`, "sluice stack up");
  return [text.slice(0, at), text.slice(at + 1)];
}

function namedServices(args: Arguments, command: string, otherwise = services): readonly string[] {
  const unknown = args.positionals.find((name) => !services.includes(name));
  if (unknown !== undefined) throw unknownName("service", unknown, services, command);
  return args.positionals.length === 0 ? otherwise : args.positionals;
}

function describe({ state, version, address, hdfs, pid }: ServiceStatus): string {
  if (state === "stopped") return "stopped";
  return `${state === "running" ? "runs" : "runs, but does not answer"} at ${address}${hdfs === undefined ? "" : `, its files at ${hdfs}`} (version ${version}, process ${pid})`;
}
