// Asks the engine what real Spark was asked (see record-functions.py).
import { Session } from "../../src/sql/index.ts";
import { simpleString } from "../../src/sql/types/text.ts";
import { goldVersion, readGold } from "./under-test.ts";

/** What Spark answered: types and values as text, or the condition it threw. */
export interface Answer {
  readonly types?: readonly string[];
  readonly names?: readonly string[];
  readonly rows?: readonly (readonly (string | null)[])[];
  readonly error?: string;
}

export interface Probe {
  readonly sql: string;
  readonly from?: string;
  readonly zone?: string;
  readonly both?: Answer;
  readonly ansi?: Answer;
  readonly legacy?: Answer;
}

interface Gold {
  readonly probes: readonly Probe[];
}

export const { probes } = readGold<Gold>("functions");

/** What an older version answers in another way. */
const older = goldVersion === "4.0.1" ? [] : readGold<Gold>(`functions-${goldVersion}`).probes;
const others = new Map(older.map((probe) => [titleOf(probe, ""), probe]));

export const modes = ["ansi", "legacy"] as const;

/** How a probe is named in the list of deviations. */
export function titleOf(probe: Probe, mode: string): string {
  return `${mode}${probe.zone ? ` ${probe.zone}` : ""}: ${probe.sql}${probe.from ? ` ${probe.from}` : ""}`;
}

export function expectedOf(probe: Probe, mode: (typeof modes)[number]): Answer {
  const own = others.get(titleOf(probe, "")) ?? probe;
  return own.both ?? own[mode] ?? {};
}

/** A session of its own for each zone and mode. */
export class Asker {
  private readonly sessions = new Map<string, Promise<Session>>();

  async ask(probe: Probe, mode: (typeof modes)[number]): Promise<Answer> {
    const zone = probe.zone ?? "UTC";
    const key = `${zone} ${mode}`;
    const made =
      this.sessions.get(key) ??
      Session.builder
        .config("spark.sql.session.timeZone", zone)
        .config("spark.sql.ansi.enabled", String(mode === "ansi"))
        .create();
    this.sessions.set(key, made);
    const spark = await made;
    try {
      const frame = await spark.sql(`SELECT ${probe.sql} ${probe.from ?? ""}`);
      const { fields } = await frame.schema();
      const types = fields.map((field) => simpleString(field.dataType));
      const named = frame.toDF(...fields.map((_, i) => `c${i}`));
      const texts = types.map((type, i) => (type === "binary" ? `hex(c${i})` : `CAST(c${i} AS STRING)`));
      const rows = await named.selectExpr(...texts).collect();
      return {
        types,
        names: fields.map((field) => field.name),
        rows: rows.map((row) => texts.map((_, i) => (row as unknown as readonly (string | null)[])[i] ?? null)),
      };
    } catch (thrown) {
      const code = (thrown as { code?: unknown }).code;
      if (process.env["PROBE_TRACE"]) console.error(titleOf(probe, mode), thrown);
      return { error: typeof code === "string" ? code : String(thrown) };
    }
  }

  async close(): Promise<void> {
    for (const session of this.sessions.values()) await (await session).stop();
  }
}

/** Whether an answer is Spark's: the same types, values and condition; the names of columns are not looked at. */
export function sameAnswer(actual: Answer, expected: Answer): boolean {
  if (expected.error !== undefined || actual.error !== undefined) return actual.error === expected.error;
  return JSON.stringify([actual.types, actual.rows]) === JSON.stringify([expected.types, expected.rows]);
}
