import type { Finding } from "../decide/series";

/** What belongs to every record of this kiosk. */
export interface Source {
  readonly device: string;
  readonly timeZone: string;
  readonly pack: string;
  readonly source: "camera" | "sample";
  readonly app: string;
}

const ZONE_PARTS = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
  timeZoneName: "longOffset",
} as const;

/** ISO 8601 with milliseconds and the offset of the school's zone at that moment: 2026-09-14T06:58:12.345+07:00. */
export function zonedTime(at: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat("en-CA", { ...ZONE_PARTS, timeZone });
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const offset = (part["timeZoneName"] ?? "").replace("GMT", "") || "+00:00";
  const date = `${part["year"] ?? ""}-${part["month"] ?? ""}-${part["day"] ?? ""}`;
  const time = `${part["hour"] ?? ""}:${part["minute"] ?? ""}:${part["second"] ?? ""}`;
  return `${date}T${time}.${String(at.getMilliseconds()).padStart(3, "0")}${offset}`;
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

/** The exact text of a record. It is written once and never made again: the server's digest is over these bytes. */
export function recordText(id: string, finding: Finding, at: Date, source: Source): string {
  return JSON.stringify({
    v: 1,
    id,
    device: source.device,
    person: finding.verdict === "recognised" ? finding.person : null,
    verdict: finding.verdict,
    captured_at: zonedTime(at, source.timeZone),
    time_zone: source.timeZone,
    similarity: rounded(finding.similarity),
    second: finding.second === null ? null : rounded(finding.second),
    frames: finding.frames,
    quality: Object.fromEntries(Object.entries(finding.quality).map(([name, value]) => [name, rounded(value)])),
    pack: source.pack,
    source: source.source,
    app: source.app,
  });
}
