import { unsupported } from "../../../sql/errors.ts";

/** A part that a well-formed message always has. */
export function required<Part>(part: Part | undefined): Part {
  if (part === undefined)
    throw unsupported("A plan with a missing part", "Build the plan with a Spark Connect client.");
  return part;
}
