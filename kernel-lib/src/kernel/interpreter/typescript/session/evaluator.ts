import { Session } from "node:inspector";
import { HOOK } from "../hook-name.ts";

/** How a script ended. */
export type Evaluated =
  | { status: "ok"; value: unknown }
  | { status: "thrown"; error: unknown; line: number; column: number; compiling: boolean }
  | { status: "terminated" };

interface RemoteObject {
  type: string;
  value?: unknown;
  unserializableValue?: string;
  objectId?: string;
}

interface EvaluateAnswer {
  result: RemoteObject;
  exceptionDetails?: { lineNumber: number; columnNumber: number; exception?: RemoteObject };
}

const GROUP = "sluice-cell";

/** Evaluates scripts in this thread's global scope through an inspector session of its own: top-level await works. */
export class Evaluator {
  #session = new Session();
  #taken: unknown;

  constructor() {
    this.#session.connect();
  }

  /** Leaves the inspector: Node would wait for it, with a message, when the process ends. */
  close(): void {
    this.#session.disconnect();
  }

  /**
   * Forgets scripts that were ended before they were done. Nothing holds their promises, and the inspector would answer in the
   * middle of a garbage collection that they are gone, which ends the process.
   */
  forget(): void {
    this.#session.disconnect();
    this.#session = new Session();
    this.#session.connect();
  }

  /** The hook through which remote objects become values again. */
  take(value: unknown): void {
    this.#taken = value;
  }

  /** Runs a script; the callback comes when all that it awaits is done. */
  evaluate(js: string, done: (evaluated: Evaluated) => void): void {
    const params = { expression: js, replMode: true, awaitPromise: true, objectGroup: GROUP, silent: true };
    this.#session.post("Runtime.evaluate", params, (failure, answer) => {
      if (failure) {
        done({ status: "terminated" });
        return;
      }
      const { result, exceptionDetails } = answer as unknown as EvaluateAnswer;
      if (exceptionDetails === undefined) {
        done({ status: "ok", value: this.#valueOf(result) });
      } else {
        const error = exceptionDetails.exception ? this.#valueOf(exceptionDetails.exception) : undefined;
        const compiling = error instanceof SyntaxError && !/^\s+at /m.test(error.stack ?? "");
        done({
          status: "thrown",
          error,
          line: exceptionDetails.lineNumber,
          column: exceptionDetails.columnNumber,
          compiling,
        });
      }
      this.#session.post("Runtime.releaseObjectGroup", { objectGroup: GROUP });
    });
  }

  /** Calls a function so that a termination ends it and nothing around it. */
  guard(call: () => void): void {
    const outer = this.#taken;
    this.#taken = call;
    this.#session.post("Runtime.evaluate", { expression: `${HOOK}.run()`, silent: true });
    this.#taken = outer;
  }

  /** Runs what `guard` was given. */
  run(): void {
    const call = this.#taken;
    this.#taken = undefined;
    if (typeof call === "function") (call as () => void)();
  }

  #valueOf(remote: RemoteObject): unknown {
    if (remote.unserializableValue !== undefined) return numberOf(remote.unserializableValue);
    if (remote.objectId === undefined) return remote.type === "undefined" ? undefined : remote.value;
    this.#session.post("Runtime.callFunctionOn", {
      objectId: remote.objectId,
      functionDeclaration: `function (value) { "use strict"; ${HOOK}.take(value); }`,
      arguments: [{ objectId: remote.objectId }],
    });
    const value = this.#taken;
    this.#taken = undefined;
    return value;
  }
}

function numberOf(text: string): number | bigint {
  return text.endsWith("n") ? BigInt(text.slice(0, -1)) : Number(text);
}
