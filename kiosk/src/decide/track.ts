import { overlap, type Box } from "./box";

/** The same face followed from frame to frame by its place alone; `id` changes when the chain breaks. */
export interface Track {
  readonly id: number;
  readonly box: Box;
  readonly seenAt: number;
  /** The last frame had no face. */
  readonly isHidden: boolean;
}

const SAME_PLACE = 0.2;
/** A slow device has long pauses between frames; up to this long, two neighbouring frames still make a chain. */
const LONGEST_STEP_MS = 2_500;

/** Follow the main face. Without a face the track is kept for `goneMs`, then lost. */
export function follow(track: Track | null, box: Box | undefined, at: number, goneMs: number): Track | null {
  const alive = track !== null && isAlive(track, box !== undefined, at, goneMs) ? track : null;
  if (box === undefined) return alive === null ? null : { ...alive, isHidden: true };
  const same = alive !== null && overlap(alive.box, box) >= SAME_PLACE;
  return { id: same ? alive.id : (track?.id ?? 0) + 1, box, seenAt: at, isHidden: false };
}

function isAlive(track: Track, isSeen: boolean, at: number, goneMs: number): boolean {
  const step = at - track.seenAt;
  return step <= (isSeen && !track.isHidden ? LONGEST_STEP_MS : goneMs);
}
