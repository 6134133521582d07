import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { Gallery } from "../gallery/gallery";
import type { Box } from "./box";
import type { FrameFacts, Gates, Quality } from "./gates";
import { POLICY } from "./policy";
import { advance, isAnswer, newSession, type Action, type Event, type Session, type Setting } from "./session";

const STEP_MS = 60;
const EMBED_MS = 90;
const GATES: Gates = { size: [24, null], yaw: [-35, 35], brightness: [0.12, null] };
const GOOD: Quality = { size: 60, yaw: 0, brightness: 0.5 };

/** Faces as unit vectors: two people of the gallery, two strangers, one between the two people, and one of them as a bad frame shows her. */
const FACES = {
  siti: [1, 0, 0, 0],
  hasan: [0, 1, 0, 0],
  stranger: [0, 0, 1, 0],
  other: [0, 0, 0, 1],
  between: [Math.SQRT1_2, Math.SQRT1_2, 0, 0],
  sitiAside: [0.6, 0, 0, 0.8],
} as const;
type Face = keyof typeof FACES;

const person = (id: string, face: Face) => ({ id, name: id, salutation: "", templates: [Float32Array.from(FACES[face])] });
const GALLERY: Gallery = { version: "1", pack: "test", people: [person("siti", "siti"), person("hasan", "hasan")] };
const SETTING: Setting = { gates: GATES, thresholds: { accept: 0.62, unknown: 0.52, margin: 0.05 }, gallery: GALLERY, policy: POLICY };

const at = (left: number): Box => ({ x1: left, y1: 0, x2: left + 100, y2: 100 });

/** Where and how well the face is seen, and who else is. */
interface Standing {
  readonly left?: number;
  readonly quality?: Partial<Record<string, number>>;
  readonly more?: readonly Box[];
}

function factsOf(face: Face | null, { left = 100, quality = {}, more = [] }: Standing): FrameFacts {
  const picture = { width: 640, height: 480, surround: 0.5 };
  if (face === null) return { ...picture, boxes: [], main: null };
  return { ...picture, boxes: [at(left), ...more], main: { quality: { ...GOOD, ...quality } as Quality } };
}

/** Plays the kiosk around the session: embeds when asked, writes records, and remembers who was recorded. */
class Stage {
  session: Session = newSession();
  now = 1_000;
  records: { person: string | null; verdict: string }[] = [];
  shown: string[] = [];
  private readonly recent = new Map<string, number>();

  private put(event: Event): Action | null {
    const { session, action } = advance(this.session, event, SETTING);
    this.session = session;
    if (this.shown.at(-1) !== session.shown.kind) this.shown.push(session.shown.kind);
    return action;
  }

  frame(face: Face | null, options: Standing = {}): void {
    this.now += STEP_MS;
    const action = this.put({ kind: "frame", at: this.now, frame: factsOf(face, options) });
    if (action?.kind !== "embed" || face === null) return;
    this.now += EMBED_MS;
    const next = this.put({ kind: "embedding", at: this.now, embedding: Float32Array.from(FACES[face]), quality: GOOD });
    if (next?.kind === "record") this.record(next);
  }

  private record({ finding }: Extract<Action, { kind: "record" }>): void {
    const before = this.recent.get(finding.person ?? "");
    if (finding.person !== null && before !== undefined && this.now - before < POLICY.againMs) {
      this.put({ kind: "already", at: this.now, finding, person: finding.person, time: "06.54" });
      return;
    }
    this.records.push({ person: finding.person, verdict: finding.verdict });
    if (finding.person === null) this.put({ kind: "noted-unknown", at: this.now, finding });
    else {
      this.recent.set(finding.person, this.now);
      this.put({ kind: "recorded", at: this.now, finding, person: finding.person, time: "06.58" });
    }
  }

  /** Show the face for this long. */
  stand(face: Face | null, milliseconds: number, options: Standing = {}): this {
    const end = this.now + milliseconds;
    while (this.now < end) this.frame(face, options);
    return this;
  }

  /** Show the face until the screen says this; fails after twenty seconds. */
  until(face: Face | null, kind: string, options: Standing = {}): this {
    const end = this.now + 20_000;
    while (this.session.shown.kind !== kind) {
      if (this.now > end) throw new Error(`never ${kind}, but ${this.shown.join(" ")}`);
      this.frame(face, options);
    }
    return this;
  }
}

let stage: Stage;
beforeEach(() => (stage = new Stage()));

describe("a teacher at the kiosk", () => {
  it("is recorded once, after three good frames, within a second", () => {
    stage.until("siti", "recorded");
    expect(stage.now - 1_000).toBeLessThan(1_000);
    expect(stage.session.shown).toMatchObject({ person: "siti", time: "06.58" });
    stage.stand("siti", 30_000);
    expect(stage.records).toEqual([{ person: "siti", verdict: "recognised" }]);
  });

  it("sees the answer for two and a half seconds, also when walking off at once", () => {
    stage.until("siti", "recorded");
    stage.stand(null, 2_300);
    expect(stage.session.shown.kind).toBe("recorded");
    stage.stand(null, 500);
    expect(stage.session.shown.kind).toBe("looking");
  });

  it("reads 'already' when coming back within five minutes, without a new record", () => {
    stage.until("siti", "recorded").stand(null, 5_000).until("siti", "already");
    expect(stage.session.shown).toMatchObject({ time: "06.54" });
    expect(stage.records).toHaveLength(1);
  });

  it("is left in peace while standing there", () => {
    stage.until("siti", "recorded").stand("siti", 20_000);
    expect(stage.shown.slice(stage.shown.indexOf("recorded"))).toEqual(["recorded", "looking"]);
  });

  it("does not count passers-by far behind", () => {
    stage.stand("siti", 3_000, { quality: { size: 5 } });
    expect(stage.shown).toEqual(["looking"]);
  });
});

describe("the next one in the queue", () => {
  it("ends the answer of the one before at once", () => {
    stage.until("siti", "recorded").stand(null, 200).stand("hasan", 200, { left: 400 });
    expect(stage.session.shown.kind).toBe("hold");
    stage.until("hasan", "recorded", { left: 400 });
    expect(stage.records.map((record) => record.person)).toEqual(["siti", "hasan"]);
  });

  it("is noticed even when taking exactly the same place between two frames", () => {
    stage.until("siti", "recorded").stand("hasan", 2_500);
    expect(stage.records.map((record) => record.person)).toEqual(["siti", "hasan"]);
  });

  it("ends the answer at once also when nobody was seen in between, and before any advice", () => {
    stage.until("siti", "recorded").stand(null, 800).frame("hasan", { quality: { size: 15 } });
    expect(stage.session.shown.kind).toBe("looking");
    stage.stand("hasan", 500, { quality: { size: 15 } });
    expect(stage.session.shown.kind).toBe("closer");
  });

  it("is never mixed with the one before into a third person", () => {
    stage.frame("siti");
    stage.frame("siti");
    stage.stand("hasan", 3_000);
    expect(stage.records).toEqual([{ person: "hasan", verdict: "recognised" }]);
  });
});

describe("a face that is not recognised", () => {
  it("gets three tries, each recorded once, then another way", () => {
    stage.until("stranger", "unknown");
    expect(stage.session.shown).toMatchObject({ attempt: 1 });
    stage.stand("stranger", POLICY.unknownMs + 200).until("stranger", "unknown");
    expect(stage.session.shown).toMatchObject({ attempt: 2 });
    stage.until("stranger", "other-way").stand("stranger", 30_000);
    expect(stage.session.shown.kind).toBe("other-way");
    expect(stage.records).toEqual([1, 2, 3].map(() => ({ person: null, verdict: "unknown" })));
  });

  it("keeps its tries when it looks away for less than three seconds", () => {
    stage.until("stranger", "unknown").stand(null, 2_000).until("stranger", "unknown");
    expect(stage.session.shown).toMatchObject({ attempt: 2 });
  });

  it("loses its tries after three seconds away", () => {
    stage.until("stranger", "unknown").stand(null, 3_500).until("stranger", "unknown");
    expect(stage.session.shown).toMatchObject({ attempt: 1 });
  });

  it("leaves no failures to a neighbour, not even in the same place", () => {
    stage.until("stranger", "unknown").stand("stranger", POLICY.unknownMs + 200).until("stranger", "unknown");
    stage.stand("other", 3_000);
    expect(stage.session.shown).toMatchObject({ kind: "unknown", attempt: 1 });
  });

  it("frees the screen for a known neighbour at once", () => {
    stage.until("stranger", "unknown").stand("siti", 2_500);
    expect(stage.records.at(-1)).toEqual({ person: "siti", verdict: "recognised" });
  });

  it("ends when the face leaves", () => {
    stage.until("stranger", "unknown").stand(null, 1_000);
    expect(stage.session.shown.kind).toBe("looking");
  });

  it("ends 'another way' for the next person", () => {
    stage.until("stranger", "other-way").stand(null, 300).stand("siti", 1_500, { left: 400 });
    expect(stage.records.at(-1)).toEqual({ person: "siti", verdict: "recognised" });
  });

  it("is looked at longer when it is between two people, then is unknown", () => {
    stage.until("stranger", "unknown");
    const short = stage.now - 1_000;
    stage = new Stage();
    stage.until("between", "unknown");
    expect(stage.now - 1_000).toBeGreaterThan(1.5 * short);
    expect(stage.records).toEqual([{ person: null, verdict: "unknown" }]);
  });

  it("is recognised when the longer look shows it better", () => {
    stage.stand("sitiAside", 900).stand("siti", 450);
    expect(stage.records).toEqual([{ person: "siti", verdict: "recognised" }]);
  });
});

describe("guidance", () => {
  it("comes after a moment and goes when the frame is good", () => {
    stage.frame("siti", { quality: { size: 15 } });
    expect(stage.session.shown.kind).toBe("looking");
    stage.stand("siti", 500, { quality: { size: 15 } });
    expect(stage.session.shown.kind).toBe("closer");
    stage.frame("siti");
    expect(stage.session.shown.kind).toBe("hold");
  });

  it("decides nothing while two people stand there", () => {
    stage.stand("siti", 5_000, { more: [at(300)] });
    expect(stage.session.shown.kind).toBe("several");
    expect(stage.records).toEqual([]);
  });

  it("forgets what was seen before a second person came", () => {
    stage.frame("siti");
    stage.frame("siti");
    stage.stand("siti", 500, { more: [at(300)] });
    expect(stage.session.series).toEqual([]);
  });
});

describe("a slow tablet", () => {
  it("keeps the chain although frames are a second apart", () => {
    for (let count = 0; count < 6; count += 1) {
      stage.now += 900;
      stage.frame("siti");
    }
    expect(stage.records).toEqual([{ person: "siti", verdict: "recognised" }]);
  });
});

describe("an even slower tablet", () => {
  it("still comes to an answer about a stranger", () => {
    for (let count = 0; count < 5; count += 1) {
      stage.now += 1_200;
      stage.frame("stranger");
    }
    expect(stage.records).toEqual([{ person: null, verdict: "unknown" }]);
  });
});

describe("a disk that fails", () => {
  it("does not say 'recorded'", () => {
    const { session } = advance({ ...newSession(), pending: "record" }, { kind: "not-written", at: 1 }, SETTING);
    expect(session).toMatchObject({ shown: { kind: "looking" }, pending: null });
  });
});

describe("whatever happens before the camera", () => {
  const moments = fc.array(
    fc.record({
      face: fc.constantFrom<(Face | null)[]>("siti", "hasan", "stranger", "other", "between", null),
      milliseconds: fc.integer({ min: 60, max: 4_000 }),
      left: fc.constantFrom(0, 100, 400),
      size: fc.constantFrom(5, 15, 60),
    }),
    { maxLength: 12 },
  );

  it("writes nobody's name who was not there, and nobody twice within five minutes", () => {
    fc.assert(fc.property(moments, (script) => {
      const play = new Stage();
      for (const { face, milliseconds, left, size } of script) play.stand(face, milliseconds, { left, quality: { size } });
      const named = play.records.flatMap((record) => record.person ?? []);
      expect(new Set(named).size).toBe(named.length);
      for (const name of named) expect(script.some((moment) => moment.face === name && moment.size === 60)).toBe(true);
    }), { numRuns: 300 });
  });

  it("comes to rest when everybody has gone", () => {
    fc.assert(fc.property(moments, (script) => {
      const play = new Stage();
      for (const { face, milliseconds, left, size } of script) play.stand(face, milliseconds, { left, quality: { size } });
      play.stand(null, 4_500);
      expect(play.session).toMatchObject({ shown: { kind: "looking" }, tries: null, settled: null, series: [], pending: null });
    }), { numRuns: 300 });
  });

  it("an answer is never replaced by mere advice", () => {
    fc.assert(fc.property(moments, (script) => {
      const play = new Stage();
      for (const { face, milliseconds, left, size } of script) play.stand(face, milliseconds, { left, quality: { size } });
      play.shown.forEach((kind, index) => {
        if (isAnswer({ kind } as Session["shown"])) expect(["looking", "hold", undefined]).toContain(play.shown[index + 1]);
      });
    }), { numRuns: 300 });
  });
});
