/** Times and dates as they are written in Indonesia, always in the school's zone and never in the device's. */
import type { Language } from "./language";
import type { Words } from "./words/id";

/** 06.58 */
export function clockTime(at: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });
  return format.format(at).replace(":", ".");
}

/** Senin, 14 September 2026 */
export function longDate(at: Date, timeZone: string, language: Language): string {
  const locale = language === "id" ? "id-ID" : "en-GB";
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...options, timeZone }).format(at);
  return `${format({ weekday: "long" })}, ${format({ day: "numeric", month: "long", year: "numeric" })}`;
}

/** The greeting follows the hour alone: the kiosk knows no coming and going. */
export function dayPart(at: Date, timeZone: string): keyof Words["dayParts"] {
  const hour = Number(clockTime(at, timeZone).slice(0, 2));
  if (hour < 11) return "morning";
  if (hour < 15) return "noon";
  return hour < 18 ? "afternoon" : "night";
}
