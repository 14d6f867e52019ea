/** A span of time as people say it: `412 ms`, `3.2 s`, `2 min 05 s`, `3 h 07 min`, `2 d 4 h`. */
export function duration(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / second).toFixed(1)} s`;
  const seconds = Math.round(ms / second);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${twoDigits(seconds % 60)} s`;
  const minutes = Math.round(ms / minute);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
  const hours = Math.round(ms / hour);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Local date and time to the second: `2026-11-23 01:02:03`. */
export function dateTime(date: Date | undefined): string {
  if (date === undefined) return "";
  const day = `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
  return `${day} ${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}:${twoDigits(date.getSeconds())}`;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
