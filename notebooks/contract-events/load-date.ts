import { SluiceError } from "sluice/errors";

/**
 * Checks the day that a run is asked to load; an empty text means that none was named.
 *
 * @throws SluiceError `USAGE` when it is no day of the calendar written `yyyy-MM-dd`
 */
export function checkLoadDate(text: string): void {
  if (text === "") return;
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(text)) return;
  throw new SluiceError("USAGE", `The load date ${text} is no day of the calendar.`, { next: "Write it YYYY-MM-DD." });
}
