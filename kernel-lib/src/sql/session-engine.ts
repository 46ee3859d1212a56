// Loads the engine of a session when it is first needed: the one place that knows engines.
import type { Engine } from "../engines/engine.ts";
import { SluiceError } from "../errors.ts";

/** Settings that are for the engine's start, not for its sessions. */
const engineKeys = new Set(["sluice.memoryLimit", "sluice.tempDirectory", "sluice.threads"]);

/** Whether a setting is for the engine's start. */
export function isEngineKey(key: string): boolean {
  return engineKeys.has(key);
}

/** An engine that is loaded at the first call and shared by the sessions that come from one another. */
export class EngineLoader {
  #settings: Readonly<Record<string, string>>;
  readonly #make: (() => Promise<Engine>) | undefined;
  #engine: Promise<Engine> | undefined;
  #open = false;
  #closed = false;

  /** @param make - makes another engine than the embedded one */
  constructor(settings: Readonly<Record<string, string>>, make?: () => Promise<Engine>) {
    this.#settings = settings;
    this.#make = make;
  }

  /** Whether the engine is loaded and ready. */
  get isOpen(): boolean {
    return this.#open;
  }

  /**
   * Changes the engine's settings before it is loaded.
   *
   * @throws SluiceError `CONFIG_INVALID` when it is loaded already
   */
  configure(settings: Readonly<Record<string, string>>): void {
    const changed = Object.keys(settings).filter((key) => isEngineKey(key) && settings[key] !== this.#settings[key]);
    if (changed.length === 0) return;
    if (this.#engine) {
      throw new SluiceError(
        "CONFIG_INVALID",
        `The engine runs already, so ${changed.join(" and ")} can't be changed.`,
        {
          next: "Set it before the first action, or stop() the session first.",
        },
      );
    }
    this.#settings = { ...this.#settings, ...settings };
  }

  /**
   * The engine.
   *
   * @throws SluiceError `USAGE` after `close`: a session must not load a second engine that nobody ends
   */
  async get(): Promise<Engine> {
    if (this.#closed) throw new SluiceError("USAGE", "The session is stopped.", { next: "Make a new one." });
    this.#engine ??= this.#load();
    try {
      const engine = await this.#engine;
      this.#open = true;
      return engine;
    } catch (error) {
      this.#engine = undefined;
      throw error;
    }
  }

  async #load(): Promise<Engine> {
    if (this.#make) return this.#make();
    const { createEngine } = await import("../engines/duckdb/index.ts");
    const memoryLimit = this.#settings["sluice.memoryLimit"];
    const tempDirectory = this.#settings["sluice.tempDirectory"];
    const threads = this.#settings["sluice.threads"];
    return createEngine({
      ...(memoryLimit === undefined ? {} : { memoryLimit }),
      ...(tempDirectory === undefined ? {} : { tempDirectory }),
      ...(threads === undefined ? {} : { threads: Number(threads) }),
    });
  }

  /** Ends the engine, if it was loaded. */
  async close(): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    this.#open = false;
    this.#closed = true;
    if (engine) await (await engine).close();
  }
}

/** How a session reaches a server. */
export interface RemoteOptions {
  /** What encrypts the connection, beside what Node trusts: PEM texts of authorities, and of this client's certificate. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  /** How requests that a network fault stopped are sent again; Spark's own figures where it says nothing. Times in milliseconds. */
  readonly retry?: {
    readonly maxRetries?: number;
    readonly initialBackoff?: number;
    readonly maxBackoff?: number;
    readonly backoffMultiplier?: number;
  };
}

/** The engine behind a Spark Connect address. */
export async function remoteEngine(url: string, options: RemoteOptions = {}): Promise<Engine> {
  const { connectSpark } = await import("../engines/spark-connect/index.ts");
  return connectSpark(url, options);
}
