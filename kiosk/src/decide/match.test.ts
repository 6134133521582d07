import fc from "fast-check";
import { describe, expect, it } from "vitest";
import contract from "../../../contract/decide.json";
import type { Gallery } from "../gallery/gallery";
import { cosine, decide, fuse, match, type Thresholds } from "./match";

function galleryOf(people: Readonly<Record<string, readonly (readonly number[])[] | undefined>>): Gallery {
  const list = Object.entries(people).map(([id, templates = []]) => ({
    id,
    name: id,
    salutation: "",
    templates: templates.map((template) => Float32Array.from(template)),
  }));
  return { version: "1", pack: "test", people: list };
}

describe("contract/decide.json", () => {
  it.each(contract.decide)("one look: $name", ({ similarity, second, thresholds, verdict }) => {
    expect(decide(similarity, second, thresholds)).toBe(verdict);
  });

  it.each(contract.match)("nearest person: $name", ({ probe, gallery, person, similarity, second }) => {
    const found = match(Float32Array.from(probe), galleryOf(gallery));
    expect(found.person).toBe(person);
    expect(found.similarity).toBeCloseTo(similarity, 5);
    if (second === null) expect(found.second).toBeNull();
    else expect(found.second).toBeCloseTo(second, 5);
  });

  it.each(contract.frames)("several looks: $name", ({ frames, gallery, thresholds, person, similarity, second, verdict }) => {
    const found = match(fuse(frames.map((frame) => Float32Array.from(frame))), galleryOf(gallery));
    expect(found.person).toBe(person);
    expect(found.similarity).toBeCloseTo(similarity, 5);
    expect(found.second).toBeCloseTo(second, 5);
    expect(decide(found.similarity, found.second, thresholds)).toBe(verdict);
  });
});

const THRESHOLDS: Thresholds = { accept: 0.62, unknown: 0.52, margin: 0.05 };
const cosines = fc.double({ min: -1, max: 1, noNaN: true });
const unit = (length: number) =>
  fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: length, maxLength: length }).filter((values) => Math.hypot(...values) > 0.1).map((values) => Float32Array.from(values.map((value) => value / Math.hypot(...values))));

describe("properties", () => {
  it("a nearer second person never makes anybody more certain", () => {
    const rank = { recognised: 2, unsure: 1, unknown: 0 };
    fc.assert(fc.property(cosines, cosines, cosines, (similarity, one, other) => {
      const [far, near] = [Math.min(one, other), Math.max(one, other)];
      expect(rank[decide(similarity, near, THRESHOLDS)]).toBeLessThanOrEqual(rank[decide(similarity, far, THRESHOLDS)]);
    }));
  });

  it("nobody is recognised below accept, whatever else is true", () => {
    fc.assert(fc.property(cosines, fc.option(cosines), (similarity, second) => {
      if (similarity < THRESHOLDS.accept) expect(decide(similarity, second, THRESHOLDS)).not.toBe("recognised");
    }));
  });

  it("the best is at least as near as the second, and both are of the gallery", () => {
    fc.assert(fc.property(unit(4), fc.array(fc.array(unit(4), { maxLength: 3 }), { maxLength: 5 }), (probe, people) => {
      const gallery = galleryOf(Object.fromEntries(people.map((templates, index) => [`p${index}`, templates.map((each) => [...each])])));
      const found = match(probe, gallery);
      const shown = people.filter((templates) => templates.length > 0).length;
      expect(found.person === null).toBe(shown === 0);
      expect(found.second === null).toBe(shown < 2);
      if (found.second !== null) expect(found.similarity).toBeGreaterThanOrEqual(found.second);
    }));
  });

  it("fusing gives unit length and does not care for order", () => {
    fc.assert(fc.property(fc.array(unit(4), { minLength: 1, maxLength: 6 }), (frames) => {
      const fused = fuse(frames);
      const length = Math.sqrt(cosine(fused, fused));
      const mean = Math.hypot(...[0, 1, 2, 3].map((at) => frames.reduce((sum, frame) => sum + (frame[at] ?? 0), 0)));
      fc.pre(mean > 0.01);
      expect(length).toBeCloseTo(1, 4);
      expect(cosine(fused, fuse([...frames].reverse()))).toBeCloseTo(1, 4);
    }));
  });

  it("a cosine that is not a number is unknown", () => {
    expect(decide(NaN, null, THRESHOLDS)).toBe("unknown");
  });
});
