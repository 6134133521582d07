import { describe, expect, it } from "vitest";
import type { Finding } from "../decide/series";
import { recordText, zonedTime } from "./record";

const FINDING: Finding = {
  person: "0192f000-0000-7000-8000-000000000001",
  verdict: "recognised",
  similarity: 0.912345678,
  second: 0.4,
  face: new Float32Array(),
  frames: 3,
  quality: { size: 61.23456, yaw: -3 },
  firstSeenAt: 0,
};
const SOURCE = { device: "d", timeZone: "Asia/Jakarta", pack: "open-1-12345678", source: "camera", app: "0.1.0" } as const;
const AT = new Date("2026-09-13T23:58:12.045Z");

describe("time", () => {
  it.each([
    ["Asia/Jakarta", "2026-09-14T06:58:12.045+07:00"],
    ["Asia/Makassar", "2026-09-14T07:58:12.045+08:00"],
    ["UTC", "2026-09-13T23:58:12.045+00:00"],
    ["America/St_Johns", "2026-09-13T21:28:12.045-02:30"],
  ])("is written in %s", (zone, text) => {
    expect(zonedTime(AT, zone)).toBe(text);
    expect(new Date(text)).toEqual(AT);
  });

  it("writes midnight as 00", () => {
    expect(zonedTime(new Date("2026-09-13T17:00:00Z"), "Asia/Jakarta")).toBe("2026-09-14T00:00:00.000+07:00");
  });
});

describe("record", () => {
  it("holds what the contract says", () => {
    expect(JSON.parse(recordText("id-1", FINDING, AT, SOURCE))).toEqual({
      v: 1,
      id: "id-1",
      device: "d",
      person: FINDING.person,
      verdict: "recognised",
      captured_at: "2026-09-14T06:58:12.045+07:00",
      time_zone: "Asia/Jakarta",
      similarity: 0.9123,
      second: 0.4,
      frames: 3,
      quality: { size: 61.2346, yaw: -3 },
      pack: "open-1-12345678",
      source: "camera",
      app: "0.1.0",
    });
  });

  it("names nobody for an unknown face, and has no face in it", () => {
    const text = recordText("id-1", { ...FINDING, verdict: "unknown", second: null, face: Float32Array.from([0.5]) }, AT, SOURCE);
    expect(JSON.parse(text)).toMatchObject({ person: null, verdict: "unknown", second: null });
    expect(text).not.toContain("face");
  });
});
