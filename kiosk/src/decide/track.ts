import { widthOf, type Box } from "./gates";

/** The same face followed from frame to frame by its place alone; `id` changes when the chain breaks. */
export interface Track {
  readonly id: number;
  readonly box: Box;
  readonly seenAt: number;
  /** The last frame had no face. */
  readonly isHidden: boolean;
}

/** Share of the union that two boxes have in common. */
export function overlap(left: Box, right: Box): number {
  const width = Math.min(left.x2, right.x2) - Math.max(left.x1, right.x1);
  const height = Math.min(left.y2, right.y2) - Math.max(left.y1, right.y1);
  if (width <= 0 || height <= 0) return 0;
  const area = (box: Box) => widthOf(box) * (box.y2 - box.y1);
  return (width * height) / (area(left) + area(right) - width * height);
}

const SAME_PLACE = 0.2;
/** A slow device has long pauses between frames; up to this long, two neighbouring frames still make a chain. */
const LONGEST_STEP_MS = 2_500;

/** Follow the largest face. Without a face the track is kept for `goneMs`, then lost. */
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
