import { describe, expect, it } from "vitest";
import { dayPart, clockTime, longDate } from "./clock";
import { WORDS } from "./language";
import { viewOf, type About, type Scene } from "./view";

const ABOUT: About = { name: "Siti Rofi’ah", salutation: "Ibu", school: "SDN Labuhan Jati 2", dayPart: "morning", online: true };
const RECORDED: Scene = { kind: "recorded", person: "p", time: "06.58", until: 0 };
const SCENES: readonly Scene[] = [
  { kind: "looking" }, { kind: "closer" }, { kind: "dark" }, { kind: "backlit" }, { kind: "turn" }, { kind: "several" },
  { kind: "hold", frames: 2 }, RECORDED, { ...RECORDED, kind: "already" }, { kind: "unknown", attempt: 1, until: 0 }, { kind: "other-way" },
  { kind: "starting" }, { kind: "inactive", reason: "noLink" }, { kind: "not-ready", reason: "storage" }, { kind: "no-camera", trouble: "busy" },
];

describe("words of the screen", () => {
  it.each<[Scene, About, string, string]>([
    [{ kind: "looking" }, ABOUT, "Silakan lihat ke kamera", "Satu orang bergantian."],
    [{ kind: "several" }, ABOUT, "Satu orang dulu, ya", "Yang lain mohon menunggu di belakang."],
    [RECORDED, ABOUT, "Tercatat", "Selamat pagi, Ibu. Selamat bertugas di SDN Labuhan Jati 2."],
    [RECORDED, { ...ABOUT, salutation: "", school: "" }, "Tercatat", "Selamat pagi. Selamat bertugas."],
    [RECORDED, { ...ABOUT, online: false }, "Tercatat", "Selamat pagi, Ibu. Tersimpan di perangkat ini, dikirim sendiri nanti."],
    [{ ...RECORDED, kind: "already" }, ABOUT, "Sudah tercatat", "Tidak perlu diulang.\nSelamat bertugas, Ibu."],
    [{ kind: "no-camera", trouble: "insecure" }, ABOUT, "Kamera tidak terbaca", "Buka halaman ini lewat https."],
  ])("%o", (scene, about, headline, line) => {
    expect(viewOf(scene, WORDS.id, about)).toMatchObject({ headline, line });
  });

  it("shows one time only on an answer, and the clock while looking", () => {
    expect(viewOf(RECORDED, WORDS.id, ABOUT)).toMatchObject({ time: "06.58", clock: false });
    expect(viewOf({ kind: "looking" }, WORDS.id, ABOUT)).toMatchObject({ time: "", clock: true });
  });

  it("tells the states apart without colour: no two grounds share a shape and an icon", () => {
    const looks = SCENES.map((scene) => viewOf(scene, WORDS.id, ABOUT));
    for (const one of looks) {
      for (const other of looks) {
        if (one.ground !== other.ground) expect([one.shape, one.icon]).not.toEqual([other.shape, other.icon]);
      }
    }
  });
});

/** Every sentence of a catalogue by its place, functions called with sample values. */
function sentences(words: object, path = ""): [string, string][] {
  return Object.entries(words).flatMap(([key, value]): [string, string][] => {
    const place = `${path}.${key}`;
    if (typeof value === "string") return [[place, value]];
    if (typeof value === "function") return [[place, (value as (...given: unknown[]) => string)(2, 3)]];
    return sentences(value as object, place);
  });
}

describe("catalogues", () => {
  const id = new Map(sentences(WORDS.id));
  const en = new Map(sentences(WORDS.en));

  it("have the same keys", () => {
    expect([...en.keys()]).toEqual([...id.keys()]);
  });

  it("leave no sentence untranslated", () => {
    // A greeting is put together from parts that are translated themselves.
    for (const [place, text] of id) if (text !== "" && place !== ".greeting") expect(en.get(place), place).not.toBe(text);
  });

  it("never shout, and leave blank only what the look leaves blank", () => {
    for (const [place, text] of [...id, ...en]) {
      expect(text, place).not.toContain("!");
      if (place !== ".turn.line") expect(text, place).not.toBe("");
    }
  });
});

describe("clock", () => {
  const at = new Date("2026-09-13T23:58:00Z");

  it("is the school's, not the device's", () => {
    expect(clockTime(at, "Asia/Jakarta")).toBe("06.58");
    expect(clockTime(new Date("2026-09-13T17:05:00Z"), "Asia/Jakarta")).toBe("00.05");
    expect(longDate(at, "Asia/Jakarta", "id")).toBe("Senin, 14 September 2026");
    expect(longDate(at, "Asia/Jakarta", "en")).toBe("Monday, 14 September 2026");
  });

  it.each([
    ["00:00", "morning"], ["10:59", "morning"], ["11:00", "noon"], ["14:59", "noon"],
    ["15:00", "afternoon"], ["17:59", "afternoon"], ["18:00", "night"], ["23:59", "night"],
  ])("%s is %s", (time, part) => {
    expect(dayPart(new Date(`2026-09-14T${time}:00+07:00`), "Asia/Jakarta")).toBe(part);
  });
});
