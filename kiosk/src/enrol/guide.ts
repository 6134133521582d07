/** What the live picture says to the person who is being enrolled. Pure: a sight in, checks and advice out. */
import { widthOf } from "../decide/box";
import type { Gates, Quality } from "../decide/gates";
import type { Sight } from "../face/messages";
import type { EnrolWords } from "./words/id";

export const POSES = ["front", "left", "right", "front2"] as const;
export type Pose = (typeof POSES)[number];

export const CHECKS = ["one-face", "near", "light", "sharp"] as const;
export type CheckName = (typeof CHECKS)[number];

export type Note = keyof EnrolWords["check"];
export type AdviceName = keyof EnrolWords["advice"];

/** A check is fine, needs something, or waits for a face. */
export type Check = { readonly state: "ok" | "wait" } | { readonly state: "fix"; readonly note: Note };

export interface Reading {
  readonly checks: Readonly<Record<CheckName, Check>>;
  /** The one most useful thing to say; null when the picture is good for the pose. */
  readonly advice: AdviceName | null;
  /** Which way to turn, for the arrow: the person's own side. */
  readonly turn: "left" | "right" | null;
}

/** Turn for each pose in degrees, positive to the person's own left: inside the server's limits (hadir/enrolment/gate.py). */
const TURN: Readonly<Record<Pose, readonly [number, number]>> = {
  front: [-12, 12],
  front2: [-12, 12],
  left: [12, 38],
  right: [-38, -12],
};
const SECOND_FACE_SHARE = 0.5;
const OK: Check = { state: "ok" };
const WAIT: Check = { state: "wait" };

/** Below and above the gate, in the order in which they are worth saying. */
const FAULTS: readonly (readonly [measure: string, check: CheckName, below: Note, above: Note])[] = [
  ["size", "near", "far", "far"],
  ["inside", "near", "cut", "cut"],
  ["brightness", "light", "dark", "bright"],
  ["evenness", "light", "right-dark", "left-dark"],
  ["contrast", "light", "flat", "flat"],
  ["sharpness", "sharp", "blurred", "blurred"],
];

export function read(sight: Sight, pose: Pose, gates: Gates): Reading {
  if (sight.main === null) return noReading("none");
  if (isAccompanied(sight)) return noReading("several");
  const { quality } = sight.main;
  const checks: Record<CheckName, Check> = { "one-face": OK, near: OK, light: OK, sharp: OK };
  const notes: Note[] = [];
  for (const [measure, check, below, above] of FAULTS) {
    const side = sideOf(quality, gates, measure);
    if (side === "none") continue;
    const note = side === "below" ? below : above;
    notes.push(note);
    if (checks[check].state === "ok") checks[check] = fix(note);
  }
  return { checks, advice: notes[0] ?? headAdvice(quality, gates, pose), turn: turnFor(quality["yaw"] ?? 0, pose) };
}

function isAccompanied({ boxes: [first, second] }: Sight): boolean {
  return first !== undefined && second !== undefined && widthOf(second) >= SECOND_FACE_SHARE * widthOf(first);
}

function noReading(note: "none" | "several"): Reading {
  return { checks: { "one-face": fix(note), near: WAIT, light: WAIT, sharp: WAIT }, advice: note, turn: null };
}

function fix(note: Note): Check {
  return { state: "fix", note };
}

function sideOf(quality: Quality, gates: Gates, measure: string): "below" | "above" | "none" {
  const [least, most] = gates[measure] ?? [null, null];
  const value = quality[measure] ?? 0;
  if (least !== null && value < least) return "below";
  return most !== null && value > most ? "above" : "none";
}

function turnFor(yaw: number, pose: Pose): "left" | "right" | null {
  const [least, most] = TURN[pose];
  if (pose === "left" && yaw < least) return "left";
  return pose === "right" && yaw > most ? "right" : null;
}

/** Advice on how the head is held. */
function headAdvice(quality: Quality, gates: Gates, pose: Pose): AdviceName | null {
  const yaw = quality["yaw"] ?? 0;
  const [least, most] = TURN[pose];
  const turn = turnFor(yaw, pose);
  if (turn !== null) return turn;
  if (yaw < least || yaw > most) return pose === "front" || pose === "front2" ? "straight" : "back";
  const pitch = sideOf(quality, gates, "pitch");
  if (pitch !== "none") return pitch === "below" ? "chin-down" : "chin-up";
  return sideOf(quality, gates, "roll") === "none" ? null : "tilted";
}

/** How long a good picture must last before it is taken, and advice before it is shown. */
export const TAKE_AFTER_MS = 700;
export const ADVISE_AFTER_MS = 1_200;

/** Since when the reading has been the same kind of thing. */
export interface Steady {
  readonly advice: AdviceName | null;
  readonly since: number;
}

export function steadier(before: Steady | null, advice: AdviceName | null, at: number): Steady {
  return before !== null && before.advice === advice ? before : { advice, since: at };
}

export function isTimeToTake(steady: Steady, at: number): boolean {
  return steady.advice === null && at - steady.since >= TAKE_AFTER_MS;
}
