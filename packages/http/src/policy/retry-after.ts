// Retry-After (RFC 9110, 10.2.3): delay in seconds, or one of the three date forms of 5.6.7.
//
//   120
//   Sun, 06 Nov 1994 08:49:37 GMT      IMF-fixdate, the only one that may be sent today
//   Sunday, 06-Nov-94 08:49:37 GMT     RFC 850
//   Sun Nov  6 08:49:37 1994           asctime
//
// `Date.parse` would do for the dates, but it also takes "1" for the year 2001 and local times for UTC.

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const IMF = /^[a-z]{3}, (\d{2}) ([a-z]{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) gmt$/i;
const RFC850 = /^[a-z]{6,9}, (\d{2})-([a-z]{3})-(\d{2}) (\d{2}):(\d{2}):(\d{2}) gmt$/i;
const ASCTIME = /^[a-z]{3} ([a-z]{3}) ([ \d]\d) (\d{2}):(\d{2}):(\d{2}) (\d{4})$/i;

/** A hundred years: a larger number of seconds is as good as never, and stays a safe integer in milliseconds. */
const MAX_SECONDS = 3_155_760_000;

/**
 * Milliseconds to wait, never less than the server asked for; 0 for a date that has passed, undefined where the value is
 * absent or not of the grammar. A date is measured against the answer's own `Date` where there is one, so that a wrong
 * clock on this machine does not shorten the wait.
 */
export function parseRetryAfter(
  value: string | string[] | undefined,
  dateHeader: string | string[] | undefined,
  nowMs: number,
): number | undefined {
  const text = (Array.isArray(value) ? value[0] : value)?.trim();
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Math.min(Number(text), MAX_SECONDS) * 1000;
  const at = parseHttpDate(text, nowMs);
  if (at === undefined) return undefined;
  const sent = typeof dateHeader === 'string' ? parseHttpDate(dateHeader.trim(), nowMs) : undefined;
  return Math.max(0, at - (sent ?? nowMs));
}

/** Milliseconds since the epoch, or undefined where the text is none of the three forms or no real date. */
export function parseHttpDate(text: string, nowMs: number): number | undefined {
  let match = IMF.exec(text);
  if (match !== null) return utc(Number(match[3]), match[2], match[1], match[4], match[5], match[6]);
  match = RFC850.exec(text);
  if (match !== null) {
    // Two digits of a year: more than 50 years ahead means the century before.
    const thisYear = new Date(nowMs).getUTCFullYear();
    let year = thisYear - (thisYear % 100) + Number(match[3]);
    if (year > thisYear + 50) year -= 100;
    return utc(year, match[2], match[1], match[4], match[5], match[6]);
  }
  match = ASCTIME.exec(text);
  if (match !== null) return utc(Number(match[6]), match[1], match[2], match[3], match[4], match[5]);
  return undefined;
}

function utc(
  year: number,
  monthName: string,
  day: string,
  hour: string,
  minute: string,
  second: string,
): number | undefined {
  const month = MONTHS.indexOf(monthName.toLowerCase());
  // A leap second is written :60 and means the second after.
  if (month < 0 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month, Number(day));
  if (date.getUTCMonth() !== month || date.getUTCDate() !== Number(day)) return undefined;
  return date.getTime() + Number(hour) * 3_600_000 + Number(minute) * 60_000 + Number(second) * 1000;
}
