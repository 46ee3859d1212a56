import type { EmitContext } from "../functions/definition.ts";

/** What making the SQL of a cast needs of its surroundings. */
export type CastContext = Pick<EmitContext, "raise" | "native" | "fresh" | "timeZone" | "ansi">;
