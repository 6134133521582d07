import { describe, expect, it } from "vitest";
import type { Gates, Quality } from "../decide/gates";
import type { Sight } from "../face/messages";
import { isTimeToTake, read, steadier, TAKE_AFTER_MS, type AdviceName, type Pose, type Steady } from "./guide";
import { en } from "./words/en";
import { id } from "./words/id";

const GATES: Gates = {
  size: [36, null], sharpness: [0.06, null], brightness: [0.18, 0.9], contrast: [0.04, null],
  evenness: [-0.35, 0.35], yaw: [-35, 35], pitch: [-35, 25], roll: [-30, 30], inside: [0.98, null],
};
const GOOD: Quality = { size: 60, sharpness: 0.2, brightness: 0.5, contrast: 0.1, evenness: 0, yaw: 0, pitch: 0, roll: 0, inside: 1 };

function sight(quality: Partial<Record<string, number>> | null, widths: number[] = [100]): Sight {
  const boxes = widths.map((width) => ({ x1: 0, y1: 0, x2: width, y2: width }));
  const main = quality === null ? null : { quality: { ...GOOD, ...quality } as Quality };
  return { width: 640, height: 480, boxes, main, surround: 0.5, milliseconds: 1 };
}

describe("guidance", () => {
  it.each<[string, Sight, Pose, AdviceName | null]>([
    ["straight and good", sight({}), "front", null],
    ["nobody", sight(null, []), "front", "none"],
    ["two people", sight({}, [100, 70]), "front", "several"],
    ["somebody far behind", sight({}, [100, 30]), "front", null],
    ["too far", sight({ size: 30 }), "front", "far"],
    ["cut by the edge", sight({ inside: 0.9 }), "front", "cut"],
    ["too dark", sight({ brightness: 0.1 }), "front", "dark"],
    ["the right half darker", sight({ evenness: -0.5 }), "front", "right-dark"],
    ["the left half darker", sight({ evenness: 0.5 }), "front", "left-dark"],
    ["blurred", sight({ sharpness: 0.01 }), "front", "blurred"],
    ["turned when it should be straight", sight({ yaw: 20 }), "front", "straight"],
    ["turned left as asked", sight({ yaw: 20 }), "left", null],
    ["not turned left yet", sight({ yaw: 3 }), "left", "left"],
    ["turned right when left is asked", sight({ yaw: -20 }), "left", "left"],
    ["turned right as asked", sight({ yaw: -20 }), "right", null],
    ["not turned right yet", sight({ yaw: 3 }), "right", "right"],
    ["turned too far", sight({ yaw: 44 }), "left", "back"],
    ["chin up", sight({ pitch: 30 }), "front", "chin-up"],
    ["looking down", sight({ pitch: -40 }), "front", "chin-down"],
    ["head tilted", sight({ roll: 40 }), "front2", "tilted"],
  ])("%s", (_name, seen, pose, advice) => {
    expect(read(seen, pose, GATES).advice).toBe(advice);
  });

  it("says the most useful thing first and marks every check", () => {
    const { advice, checks } = read(sight({ size: 20, brightness: 0.1, sharpness: 0.01, yaw: 40 }), "front", GATES);
    expect(advice).toBe("far");
    expect(checks).toEqual({
      "one-face": { state: "ok" },
      near: { state: "fix", note: "far" },
      light: { state: "fix", note: "dark" },
      sharp: { state: "fix", note: "blurred" },
    });
  });

  it("points the person's own way", () => {
    expect(read(sight({ yaw: 0 }), "right", GATES).turn).toBe("right");
    expect(read(sight({ yaw: -20 }), "right", GATES).turn).toBeNull();
  });
});

describe("taking the picture", () => {
  it("waits until it was good for a while, and starts again after a wobble", () => {
    let steady: Steady | null = null;
    steady = steadier(steady, null, 0);
    expect(isTimeToTake(steady, TAKE_AFTER_MS - 1)).toBe(false);
    expect(isTimeToTake(steady, TAKE_AFTER_MS)).toBe(true);
    steady = steadier(steady, "blurred", 500);
    steady = steadier(steady, null, 550);
    expect(isTimeToTake(steady, TAKE_AFTER_MS)).toBe(false);
  });
});

describe("words", () => {
  it("are there in both languages for every advice", () => {
    for (const key of Object.keys(id.advice) as AdviceName[]) {
      expect(en.advice[key].every((sentence) => sentence.length > 0)).toBe(true);
      expect(en.advice[key]).not.toEqual(id.advice[key]);
    }
  });
});
