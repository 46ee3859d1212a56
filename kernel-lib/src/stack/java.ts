import { execFile } from "node:child_process";
import type { ExecFileException } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { SluiceError } from "../errors.ts";

const run = promisify(execFile);
const INSTALL_JAVA = "Install one, for example with `apt-get install openjdk-17-jre-headless`.";

/** A Java of at least the given version: its commands `java` and `keytool`. */
export interface Java {
  java: string;
  keytool: string;
  /** What it tells of its version and its build. */
  release: string;
}

/** Finds Java in `JAVA_HOME` or on the `PATH`; throws DEPENDENCY_MISSING when there is none or it is too old. */
export async function findJava(wanted: number, who: string): Promise<Java> {
  const home = process.env["JAVA_HOME"];
  const command = (name: string): string => (home ? join(home, "bin", name) : name);
  let said: string;
  try {
    said = (await run(command("java"), ["-version"])).stderr;
  } catch (thrown) {
    // Ctrl-C in a terminal goes to every process that runs there, and says nothing about Java.
    if ((thrown as ExecFileException).signal)
      throw new SluiceError("INTERRUPTED", "The search for Java was interrupted.", { cause: thrown });
    throw new SluiceError(
      "DEPENDENCY_MISSING",
      `${who} needs Java ${wanted} or newer, and ${home ? `JAVA_HOME has no working ${command("java")}` : "no `java` command that works was found"}.`,
      { next: home ? "Correct or unset JAVA_HOME." : INSTALL_JAVA, cause: thrown },
    );
  }
  const version = Number(/version "(?:1\.)?(\d+)/.exec(said)?.[1] ?? 0);
  if (version < wanted) {
    throw new SluiceError(
      "DEPENDENCY_MISSING",
      `${who} needs Java ${wanted} or newer, and the \`java\` command is version ${version}.`,
      { next: INSTALL_JAVA },
    );
  }
  return { java: command("java"), keytool: command("keytool"), release: said.trim() };
}

/** The folder that a Java is installed in, as it tells it itself. */
export async function javaHome(java: string): Promise<string> {
  const { stderr } = await run(java, ["-XshowSettings:properties", "-version"]);
  return /java\.home = (.+)/.exec(stderr)?.[1]?.trim() ?? "";
}
