import { inside, overlap, widthOf, type Box } from "./box";
import type { Policy } from "./policy";

/** Named measures of a face (manifest `quality_names`): size in px, brightness 0..1, angles in degrees, and so on. */
export type Quality = Readonly<Record<string, number>>;

/** Least and most for each measure, from the pack's manifest; null is no limit. */
export type Gates = Readonly<Record<string, readonly [number | null, number | null]>>;

/** What one frame shows, as far as the decision needs it. */
export interface FrameFacts {
  /** Size of the picture in pixels. */
  readonly width: number;
  readonly height: number;
  /** All faces, the main one first: the largest, a face at the edge counting half. */
  readonly boxes: readonly Box[];
  /** The main face looked at closely; null when there is no face, or none in its crop. */
  readonly main: { readonly quality: Quality } | null;
  /** Mean light around the face, 0..1: chooses between "too dark" and "light from behind". */
  readonly surround: number;
}

export type Advice = "closer" | "dark" | "backlit" | "turn" | "several" | "still";

const TURNED = ["yaw", "pitch", "roll", "inside"];
const LIT = ["brightness", "contrast", "evenness"];
/** How much lighter than the face the surround must be for the words "light from behind". */
const BEHIND = 0.25;
/** Two people cheek to cheek have less of their boxes in common. */
const SAME_FACE = 0.4;

function isWithin(value: number | undefined, least: number | null, most: number | null): boolean {
  if (value === undefined) return false;
  return value >= (least ?? -Infinity) && value <= (most ?? Infinity);
}

/** Measures that miss their gate. A measure that the pack gates but the graph does not give counts as missed. */
export function missed(quality: Quality, gates: Gates): string[] {
  return Object.keys(gates).filter((name) => !isWithin(quality[name], ...(gates[name] ?? [null, null])));
}

/** Is there somebody at the kiosk at all, rather than far behind it? */
export function isPresent(frame: FrameFacts, gates: Gates, policy: Policy): boolean {
  if (frame.boxes.length === 0) return false;
  const least = gates["size"]?.[0] ?? 0;
  const size = frame.main?.quality["size"] ?? Infinity;
  return size >= least * policy.passerbyShare;
}

/** The one most useful thing to tell the person, or null when the frame is good. */
export function advise(frame: FrameFacts, gates: Gates, policy: Policy): Advice | null {
  if (isAccompanied(frame, policy)) return "several";
  if (frame.main === null) return "turn";
  const faults = missed(frame.main.quality, gates);
  if (faults.length === 0) return null;
  return adviseOn(faults, frame.main.quality, frame.surround, gates);
}

/**
 * Does somebody stand beside the main face? Not those who wait behind, not those who are half out of the picture, and not
 * the same face found twice. The record is of the main face in any case.
 */
function isAccompanied({ boxes: [first, ...others], width, height }: FrameFacts, policy: Policy): boolean {
  if (first === undefined) return false;
  return others.some(
    (other) =>
      widthOf(other) >= policy.secondFaceShare * widthOf(first) &&
      overlap(first, other) < SAME_FACE &&
      inside(other, width, height) >= policy.secondFaceInside,
  );
}

/** Nearness first, since it changes everything else; then light, then the turn of the head. */
function adviseOn(faults: readonly string[], quality: Quality, surround: number, gates: Gates): Advice {
  if (faults.includes("size")) return isBelow(quality, gates, "size") ? "closer" : "still";
  if (faults.some((name) => LIT.includes(name))) return lightAdvice(surround, quality, gates);
  return faults.some((name) => TURNED.includes(name)) ? "turn" : "still";
}

function isBelow(quality: Quality, gates: Gates, name: string): boolean {
  return (quality[name] ?? 0) < (gates[name]?.[0] ?? 0);
}

function lightAdvice(surround: number, quality: Quality, gates: Gates): Advice {
  const fromBehind = surround >= (quality["brightness"] ?? 0) + BEHIND;
  return isBelow(quality, gates, "brightness") && !fromBehind ? "dark" : "backlit";
}
