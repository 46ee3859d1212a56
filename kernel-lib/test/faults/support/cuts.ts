import type { Cut } from "./proxy.ts";

/**
 * Breaks each connection at a place of chance: most in the middle of a result, some in the first bytes, some in a request.
 *
 * @param reach - the greatest number of bytes of a result that passes before a cut
 */
export function cutsOf(random: () => number, reach = 4_000_000): () => Cut {
  return () => {
    const kind = random();
    const ending = random() < 0.5 ? "rst" : random() < 0.8 ? "fin" : "silence";
    if (kind < 0.25) return { direction: "up", after: Math.floor(random() * 1500), ending };
    if (kind < 0.4) return { direction: "down", after: Math.floor(random() * 500), ending };
    return { direction: "down", after: Math.floor(random() * reach), ending };
  };
}
