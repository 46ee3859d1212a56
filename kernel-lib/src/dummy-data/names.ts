import { faker } from "@faker-js/faker/locale/en";
import type { ByteSink } from "./byte-sink.ts";
import { Words } from "./byte-sink.ts";
import { drawn } from "./column.ts";
import type { Column } from "./column.ts";
import type { Draw } from "./random.ts";

const { person, company, location } = faker.definitions;
// The lists are long: they are encoded when the first column needs them.
const firstNames = once(
  () =>
    new Words([
      ...new Set([
        ...(person.first_name.generic ?? []),
        ...(person.first_name.female ?? []),
        ...(person.first_name.male ?? []),
      ]),
    ]),
);
const lastNames = once(() => new Words(person.last_name.generic ?? []));
const companyEnds = once(() => new Words((company.legal_entity_type as string[]).map((end) => ` ${end}`)));
const streetEnds = once(() => new Words(location.street_suffix.map((end) => ` ${end}`)));
const cities = once(() => new Words(location.city_name));
const countries = once(() => new Words(location.country));
const and = new Words([", ", " and ", "-", " "]);

/**
 * A person's first and last name, such as `Ada Moore`.
 *
 * @example
 * ```ts
 * const rows = table({ rows: 2, seed: 42, columns: { value: personName() } }).rows();
 * ```
 */
export function personName(): Column {
  const first = firstNames();
  const last = lastNames();
  return drawn(first.longest + last.longest + 1, (sink, draw) => {
    any(first, sink, draw);
    sink.byte(32);
    any(last, sink, draw);
  });
}

/**
 * A company's name: `Moore Inc`, `Moore-Hill` or `Moore, Hill and Stone`.
 *
 * @example
 * ```ts
 * const rows = table({ rows: 2, seed: 42, columns: { value: companyName() } }).rows();
 * ```
 */
export function companyName(): Column {
  const last = lastNames();
  const end = companyEnds();
  return drawn(3 * last.longest + end.longest + 7, (sink, draw) => {
    const form = draw.below(3);
    any(last, sink, draw);
    if (form === 0) return any(end, sink, draw);
    and.write(sink, form === 1 ? 2 : 0);
    any(last, sink, draw);
    if (form === 1) return;
    and.write(sink, 1);
    any(last, sink, draw);
  });
}

/**
 * A house number and a street's name, such as `407 Moore Avenue`.
 *
 * @example
 * ```ts
 * const rows = table({ rows: 2, seed: 42, columns: { value: street() } }).rows();
 * ```
 */
export function street(): Column {
  const last = lastNames();
  const end = streetEnds();
  return drawn(last.longest + end.longest + 6, (sink, draw) => {
    sink.integer(1 + draw.below(9999));
    sink.byte(32);
    any(last, sink, draw);
    any(end, sink, draw);
  });
}

/**
 * A city's name.
 *
 * @example
 * ```ts
 * const rows = table({ rows: 2, seed: 42, columns: { value: city() } }).rows();
 * ```
 */
export function city(): Column {
  const names = cities();
  return drawn(names.longest, (sink, draw) => any(names, sink, draw));
}

/**
 * A country's English name.
 *
 * @example
 * ```ts
 * const rows = table({ rows: 2, seed: 42, columns: { value: country() } }).rows();
 * ```
 */
export function country(): Column {
  const names = countries();
  return drawn(names.longest, (sink, draw) => any(names, sink, draw));
}

function any(words: Words, sink: ByteSink, draw: Draw): void {
  words.write(sink, draw.below(words.count));
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
