import { describe, expect, it } from "vitest";
import type { Box } from "./box";
import { advise, isPresent, missed, type FrameFacts, type Gates, type Quality } from "./gates";
import { POLICY } from "./policy";

const GATES: Gates = {
  size: [24, null],
  sharpness: [0.04, null],
  brightness: [0.12, 0.95],
  contrast: [0.03, null],
  evenness: [-0.5, 0.5],
  yaw: [-35, 35],
  pitch: [-35, 25],
  roll: [-40, 40],
  inside: [0.9, null],
};
const GOOD: Quality = { size: 60, sharpness: 0.2, brightness: 0.5, contrast: 0.1, evenness: 0, yaw: 0, pitch: 0, roll: 0, inside: 1 };
const box = (width: number, x1 = 0): Box => ({ x1, y1: 0, x2: x1 + width, y2: width });

function frame(quality: Partial<Record<string, number>> = {}, more: Partial<FrameFacts> = {}): FrameFacts {
  const seen = { boxes: [box(100)], main: { quality: { ...GOOD, ...quality } as Quality }, surround: 0.5 };
  return { width: 640, height: 480, ...seen, ...more };
}

describe("advice", () => {
  it.each<[string, FrameFacts, string | null]>([
    ["a good frame", frame(), null],
    ["far away", frame({ size: 20 }), "closer"],
    ["dark", frame({ brightness: 0.1 }, { surround: 0.1 }), "dark"],
    ["dark before a bright window", frame({ brightness: 0.1 }, { surround: 0.7 }), "backlit"],
    ["one side dark", frame({ evenness: 0.7 }), "backlit"],
    ["too bright", frame({ brightness: 0.97 }), "backlit"],
    ["turned away", frame({ yaw: -50 }), "turn"],
    ["head tilted", frame({ roll: 60 }), "turn"],
    ["half outside the picture", frame({ inside: 0.5 }), "turn"],
    ["blurred by motion", frame({ sharpness: 0.01 }), "still"],
    ["a detector's face without a face in it", frame({}, { main: null }), "turn"],
    ["far and dark: first come closer", frame({ size: 20, brightness: 0.05 }), "closer"],
    ["dark and turned: first the light", frame({ brightness: 0.05, yaw: 60 }, { surround: 0.1 }), "dark"],
    ["two people side by side", frame({}, { boxes: [box(100), box(80, 200)] }), "several"],
    ["cheek to cheek", frame({}, { boxes: [box(100), box(95, 70)] }), "several"],
    ["somebody waits behind", frame({}, { boxes: [box(100), box(60, 200)] }), null],
    ["a third person beside, a second one in the doorway", frame({}, { boxes: [box(100), box(90, 590), box(80, 200)] }), "several"],
    ["somebody leaves the picture", frame({}, { boxes: [box(100), box(90, 590)] }), null],
    ["one face found twice", frame({}, { boxes: [box(100), box(98, 30)] }), null],
    ["a measure that is not a number", frame({ sharpness: NaN }), "still"],
  ])("%s", (_name, facts, expected) => {
    expect(advise(facts, GATES, POLICY)).toBe(expected);
  });
});

describe("gates", () => {
  it("counts a gated measure that the graph does not give as missed", () => {
    expect(missed({}, { newest: [0, null] })).toEqual(["newest"]);
  });

  it("takes both ends as good", () => {
    expect(missed({ brightness: 0.12 }, { brightness: [0.12, 0.95] })).toEqual([]);
    expect(missed({ brightness: 0.95 }, { brightness: [0.12, 0.95] })).toEqual([]);
  });

  it("leaves passers-by alone", () => {
    expect(isPresent(frame({ size: 8 }), GATES, POLICY)).toBe(false);
    expect(isPresent(frame({ size: 15 }), GATES, POLICY)).toBe(true);
    expect(isPresent(frame({}, { boxes: [] }), GATES, POLICY)).toBe(false);
  });
});
