/** The global through which rewritten code reaches the session. */
export const HOOK = "__sluice";
