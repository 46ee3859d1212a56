import { realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isStorageUri, parseStorageUri } from "sluice/azure";
import { SluiceError } from "sluice/errors";

/**
 * Checks that neither the input nor the output of a run lies in the other: what is written would be read by the next run, or what
 * is read would be replaced.
 *
 * @param input - empty for dummy data, which has a folder of its own
 * @throws SluiceError `USAGE` when one lies in the other
 */
export async function checkApart(input: string, output: string): Promise<void> {
  if (input === "" || input.startsWith("table:")) return;
  if (inOtherAccounts(input, output)) return;
  const [from, to] = [await placeOf(input), await placeOf(output)];
  if (!to.startsWith(from) && !from.startsWith(to)) return;
  const how = from === to ? "is" : to.startsWith(from) ? "lies in" : "holds";
  throw new SluiceError("USAGE", `The output ${output} ${how} the input ${input}.`, {
    next: "Name a place apart from it with --output.",
  });
}

/** az: addresses do not name their account, so that it can be that of any other address. */
function inOtherAccounts(...places: [string, string]): boolean {
  const [one, other] = places.map((place) => (isStorageUri(place) ? parseStorageUri(place).host : undefined));
  return one !== undefined && other !== undefined && one !== other;
}

/** A text for each place, with `/` at its end, that begins with the text of every place which holds it. */
async function placeOf(text: string): Promise<string> {
  if (isStorageUri(text)) {
    const { container, path } = parseStorageUri(text);
    return ended(`az://${container}/${path}`);
  }
  if (/^file:\/\//i.test(text)) return ended(await realPath(fileURLToPath(text)));
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) return ended(text);
  return ended(await realPath(resolve(text)));
}

const ended = (place: string): string => `${place.replace(/\/+$/, "")}/`;

/** The path without links, of which the end need not be there yet. */
async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return dirname(path) === path ? path : join(await realPath(dirname(path)), basename(path));
  }
}
