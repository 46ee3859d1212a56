export { canCast } from "./allowed.ts";
export { castSql } from "./cast.ts";
export type { CastContext } from "./context.ts";
