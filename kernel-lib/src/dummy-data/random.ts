const GOLDEN = 0x9e3779b9;
const TWO_32 = 4294967296;

/** Mixes 32 bits so that each input bit changes about half of the output bits; a permutation of all 32-bit numbers. */
function mix(value: number): number {
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}

/** A 32-bit number for a text, the same everywhere. */
function hashText(text: string, seed: number): number {
  let hash = mix(seed ^ GOLDEN);
  // Code units and not bytes: a text has the same ones on every machine.
  for (let index = 0; index < text.length; index++) hash = mix(hash ^ Math.imul(text.charCodeAt(index) + 1, GOLDEN));
  return hash;
}

/**
 * Draws numbers for one column. What a row gets depends on the seed, the column's key and the row's number only, never
 * on the rows before it: so batches of any size, and rows made alone, hold the same values.
 *
 * @example
 * ```ts
 * const draw = new Draw(42, "dice").at(0);
 * console.log(draw.below(6) < 6); // true
 * ```
 */
export class Draw {
  readonly #rowKey: number;
  readonly #drawKey: number;
  #state = 0;
  #count = 0;

  constructor(seed: number, key: string) {
    const [low, high] = splitSeed(seed);
    this.#rowKey = hashText(key, low ^ mix(high));
    this.#drawKey = hashText(key, mix(low + GOLDEN) ^ high) | 1;
  }

  /** Goes to a row; the numbers drawn next are the row's own. */
  at(row: number): this {
    this.#state = mix((row ^ this.#rowKey) | 0);
    this.#count = 0;
    return this;
  }

  /** A whole number from 0 to 2³² − 1. */
  next(): number {
    this.#count = (this.#count + this.#drawKey) | 0;
    return mix(mix(this.#state ^ this.#count) + this.#rowKey) >>> 0;
  }

  /** A whole number from 0 to `count` − 1, for a count up to 2⁵³. */
  below(count: number): number {
    if (count <= 0x100000) return Math.floor((this.next() * count) / TWO_32);
    // 53 random bits; the product is rounded the same way by every machine, and never up to `count`.
    const fraction = ((this.next() >>> 5) * 67108864 + (this.next() >>> 6)) / 9007199254740992;
    return Math.min(Math.floor(fraction * count), count - 1);
  }

  /** A number from 0 up to, not including, 1. */
  fraction(): number {
    return this.next() / TWO_32;
  }
}

function splitSeed(seed: number): [number, number] {
  return [seed | 0, Math.floor(seed / TWO_32) | 0];
}

/**
 * Makes a function that gives each row a number from 0 to `count` − 1, to be shared by columns that belong together.
 *
 * @example
 * ```ts
 * const branchOf = indexBelow(seed, "branch", 200);
 * // code and country of a row come from one branch:
 * const columns = { code: reference("branch.code", pattern("????"), branchOf), country: reference("branch.country", country(), branchOf) };
 * ```
 */
export function indexBelow(seed: number, key: string, count: number): (row: number) => number {
  const draw = new Draw(seed, key);
  return (row) => draw.at(row).below(count);
}

/** Chooses among indices with fixed weights. */
export function weighted(weights: readonly number[]): (draw: Draw) => number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  // Bounds in whole 2⁻³² steps, so that no rounding differs between machines.
  const bounds = weights.map((weight) => Math.round(((sum += weight) / total) * TWO_32));
  return (draw) => {
    const drawn = draw.next();
    let index = 0;
    while (drawn >= bounds[index]! && index < bounds.length - 1) index++;
    return index;
  };
}
