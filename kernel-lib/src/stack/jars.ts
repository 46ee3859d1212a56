import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SluiceError } from "../errors.ts";
import { cacheFolder } from "./cache.ts";

/** What to fetch: Maven coordinates `group:artifact:version`, with everything they depend on. */
export interface JarsOptions {
  /** The name of the folder in the cache; it holds the version. */
  name: string;
  coordinates: readonly string[];
  /** Called now and then with the number of files fetched so far. */
  onFiles: (files: number) => void;
  signal?: AbortSignal | undefined;
}

/**
 * The folder that holds the jars, fetched with Maven the first time. It is complete or absent: a fetch that fails or is
 * interrupted leaves nothing behind.
 */
export async function fetchJars(options: JarsOptions): Promise<string> {
  const jars = join(cacheFolder(), "jars");
  const folder = join(jars, options.name);
  if (existsSync(folder)) return folder;
  await mkdir(jars, { recursive: true });
  const fresh = await mkdtemp(join(jars, "fetching-"));
  try {
    await writeFile(join(fresh, "pom.xml"), pom(options.coordinates));
    await runMaven(fresh, options);
    await rename(join(fresh, "jars"), folder).catch((thrown: unknown) => {
      // Another process may have been faster; its folder is as good.
      if (!existsSync(folder)) throw thrown;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return folder;
}

function pom(coordinates: readonly string[]): string {
  const dependencies = coordinates.map((text) => {
    const [group, artifact, version] = text.split(":");
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>sluice</groupId><artifactId>jars</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>${dependencies.join("")}</dependencies>
</project>
`;
}

function runMaven(folder: string, { name, onFiles, signal }: JarsOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const args = [
      "-B",
      "-f",
      join(folder, "pom.xml"),
      "dependency:copy-dependencies",
      "-DincludeScope=runtime",
      `-DoutputDirectory=${join(folder, "jars")}`,
    ];
    const child = spawn("mvn", args, { stdio: ["ignore", "pipe", "pipe"], signal });
    let files = 0;
    let tail = "";
    const read = (text: string): void => {
      const found = text.match(/Downloaded from [^\n]*\.jar/g)?.length ?? 0;
      if (Math.floor((files + found) / 10) > Math.floor(files / 10)) onFiles(files + found);
      files += found;
      tail = (tail + text).slice(-4000);
    };
    child.stdout.setEncoding("utf8").on("data", read);
    child.stderr.setEncoding("utf8").on("data", read);
    child.once("error", (thrown: NodeJS.ErrnoException) => reject(cannotFetch(name, thrown, "")));
    child.once("close", (code) => (code === 0 ? resolve() : reject(cannotFetch(name, undefined, tail))));
  });
}

function cannotFetch(name: string, thrown: NodeJS.ErrnoException | undefined, tail: string): SluiceError {
  if (thrown?.name === "AbortError") return new SluiceError("INTERRUPTED", `The fetch of ${name} was interrupted.`);
  if (thrown?.code === "ENOENT") {
    return new SluiceError(
      "DEPENDENCY_MISSING",
      `The jars of ${name} are fetched with Maven, and no \`mvn\` command was found.`,
      {
        next: "Install it, for example with `apt-get install maven`.",
        cause: thrown,
      },
    );
  }
  const line = /\[ERROR\] (.*)/.exec(tail)?.[1] ?? "it gave no reason";
  return new SluiceError("SERVICE_UNAVAILABLE", `Maven could not fetch the jars of ${name}: ${line.slice(0, 400)}.`, {
    next: "Check the network and Maven's settings.",
    cause: thrown,
  });
}
