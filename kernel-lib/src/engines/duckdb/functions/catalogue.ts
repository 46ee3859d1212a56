// Every function the embedded engine knows, by name. A family is a file; this is the list of families.
import type { FunctionDefinition } from "./definition.ts";
import { aggregateFunctions } from "./aggregate.ts";
import { arithmeticFunctions } from "./arithmetic.ts";
import { comparisonFunctions } from "./comparison.ts";
import { conditionalFunctions } from "./conditional.ts";
import { jsonWriteFunctions } from "./json-write.ts";
import { dateTextFunctions } from "./date-text.ts";
import { dateTimeFunctions } from "./date-time.ts";
import { mathFunctions } from "./math.ts";
import { regexFunctions } from "./regex.ts";
import { stringFunctions } from "./string.ts";
import { collectionFunctions } from "./collection.ts";
import { elementFunctions } from "./element.ts";
import { generatorFunctions } from "./generator.ts";
import { hashFunctions } from "./hash.ts";
import { higherOrderFunctions } from "./higher-order.ts";
import { mapFunctions } from "./map.ts";
import { miscFunctions } from "./misc.ts";
import { statisticsFunctions } from "./statistics.ts";
import { formatFunctions } from "./format.ts";
import { jsonReadFunctions } from "./json-read.ts";
import { timeWindowFunctions } from "./time-window.ts";
import { structFunctions } from "./struct.ts";
import { windowFunctions } from "./window.ts";

const families: readonly (readonly FunctionDefinition[])[] = [
  arithmeticFunctions,
  comparisonFunctions,
  conditionalFunctions,
  dateTextFunctions,
  dateTimeFunctions,
  mathFunctions,
  regexFunctions,
  stringFunctions,
  collectionFunctions,
  elementFunctions,
  generatorFunctions,
  hashFunctions,
  higherOrderFunctions,
  mapFunctions,
  miscFunctions,
  statisticsFunctions,
  formatFunctions,
  jsonReadFunctions,
  structFunctions,
  timeWindowFunctions,
  jsonWriteFunctions,
  aggregateFunctions,
  windowFunctions,
];

const byName = new Map<string, FunctionDefinition>();
for (const definition of families.flat()) {
  if (byName.has(definition.name)) throw new Error(`the function ${definition.name} is in the catalogue twice`);
  byName.set(definition.name, definition);
}

/**
 * The function of a name, in any case; undefined when the engine has none.
 *
 * @example
 * ```ts
 * lookup("COALESCE")?.kind; // "scalar"
 * ```
 */
export function lookup(name: string): FunctionDefinition | undefined {
  return byName.get(name.toLowerCase());
}

/** The names of all functions, in the order of the alphabet. */
export function names(): string[] {
  return [...byName.keys()].sort();
}
