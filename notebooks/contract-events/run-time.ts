/**
 * The time of a run as events carry it: `yyyy-MM-dd'T'HH:mm:ssZ`, such as `2022-08-02T10:15:30+0530`.
 *
 * @param timeZone - the session's time zone
 */
export function formatRunTime(time: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "longOffset",
  });
  const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
  // The offset is written GMT, GMT+05:30 and, in old days, GMT+05:53:28.
  const offset = parts["timeZoneName"]!.slice(3, 9).replace(":", "") || "+0000";
  return `${parts["year"]}-${parts["month"]}-${parts["day"]}T${parts["hour"]}:${parts["minute"]}:${parts["second"]}${offset}`;
}
