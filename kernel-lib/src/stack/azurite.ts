import { mkdir } from "node:fs/promises";
import { get } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { SluiceError } from "../errors.ts";
import { choosePort } from "./ports.ts";
import { endProcess, launch, waitUntilReady } from "./process.ts";
import type { RunningService, Service } from "./service.ts";

const account = "devstoreaccount1";
// The emulator's account and key are the same on every machine and printed in Microsoft's documentation: no secret.
const key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

interface AzuriteProgram {
  main: string;
  version: string;
}

/** Azurite, Microsoft's emulator of Azure storage: its Blob service, in plain text on 127.0.0.1. Its blobs stay when it is stopped. */
export const azurite: Service = {
  name: "azurite",
  get version() {
    return findAzurite()?.version ?? "";
  },
  async start({ folder, port: asked, detached, onProgress, signal }) {
    const program = findAzurite() ?? missing();
    const port = await choosePort(asked, 10000);
    const log = join(folder, "azurite.log");
    onProgress?.({ service: "azurite", text: `Starting Azurite ${program.version}.` });
    await mkdir(folder, { recursive: true });
    const args = [
      program.main,
      "--silent",
      "--disableTelemetry",
      "--blobHost",
      "127.0.0.1",
      "--blobPort",
      String(port),
      "--location",
      join(folder, "data"),
    ];
    const launched = await launch(process.execPath, args, { log, cwd: folder, detached, env: plainEnvironment() });
    await waitUntilReady({ name: "Azurite", launched, log, probe: () => azuriteAnswers(port), seconds: 60, signal });
    const address = `http://127.0.0.1:${port}/${account}`;
    return { name: "azurite", version: program.version, port, address, pid: launched.pid, born: launched.born, log };
  },
  ready: (running) => azuriteAnswers(running.port),
  stop: (running) => endProcess(running),
};

/** The connection string of a running Azurite, as the Azure SDK takes it. */
export function azuriteConnectionString(running: Pick<RunningService, "address">): string {
  return `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};BlobEndpoint=${running.address};`;
}

function findAzurite(): AzuriteProgram | undefined {
  try {
    const require = createRequire(import.meta.url);
    const manifest = require.resolve("azurite/package.json");
    const { version } = require(manifest) as { version: string };
    return { main: join(dirname(manifest), "dist/src/blob/main.js"), version };
  } catch {
    return undefined;
  }
}

function missing(): never {
  throw new SluiceError("DEPENDENCY_MISSING", "The npm package azurite is not installed.", {
    next: "Install it with `npm install --save-dev azurite`.",
  });
}

/** The environment without the switches of this Node (loaders, inspectors), which the child must not inherit. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...rest } = process.env;
  return rest;
}

function azuriteAnswers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(
      { host: "127.0.0.1", port, path: `/${account}?comp=list`, timeout: 1000, agent: false },
      (response) => {
        response.resume();
        // It refuses the request, for it carries no signature; that it is Azurite who refuses is what we ask.
        resolve(/azurite/i.test(String(response.headers.server)));
      },
    );
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(false));
  });
}
