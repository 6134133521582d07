import type { Gallery } from "../gallery/gallery";
import type { Quality } from "./gates";
import { cosine, decide, fuse, match, type Match, type Thresholds } from "./match";
import type { Policy } from "./policy";

/** One good frame of the face. */
export interface Glance {
  readonly at: number;
  readonly embedding: Float32Array;
  readonly quality: Quality;
}

/** What a series of good frames of one face comes to. */
export interface Finding extends Match {
  readonly verdict: "recognised" | "unknown";
  readonly face: Float32Array;
  readonly frames: number;
  readonly quality: Quality;
  readonly firstSeenAt: number;
}

/**
 * Add a glance. Glances that are too old go, and a glance at another face starts the series anew: two people who
 * change places within a second must not be mixed into one.
 */
export function extend(series: readonly Glance[], glance: Glance, thresholds: Thresholds, policy: Policy): Glance[] {
  const recent = series.filter((earlier) => glance.at - earlier.at <= policy.seriesMs);
  if (recent.length > 0 && !sameFace(fuse(recent.map((each) => each.embedding)), glance.embedding, thresholds)) {
    return [glance];
  }
  return [...recent, glance];
}

/** Below the line of "unknown" two looks at a face are not taken for one person. */
export function sameFace(left: Float32Array, right: Float32Array, thresholds: Thresholds): boolean {
  return cosine(left, right) >= thresholds.unknown;
}

/**
 * Judge the series: null while more frames are wanted. "Recognised" needs the mean of the frames to be near one person and
 * away from the second, and most single frames to name that person too. Anything else is looked at longer, then unknown: a
 * face far from everybody sooner than one that is nearly somebody's.
 */
export function judge(series: readonly Glance[], gallery: Gallery, thresholds: Thresholds, policy: Policy): Finding | null {
  const last = series.at(-1);
  if (last === undefined || series.length < policy.framesNeeded) return null;
  const face = fuse(series.map((glance) => glance.embedding));
  const found = match(face, gallery);
  const votes = series.filter((glance) => match(glance.embedding, gallery).person === found.person).length;
  const agreed = votes * 3 >= series.length * 2;
  const verdict = decide(found.similarity, found.second, thresholds);
  const common = { ...found, face, frames: series.length, quality: last.quality, firstSeenAt: series[0]?.at ?? last.at };
  if (verdict === "recognised" && agreed) return { ...common, verdict };
  const enough = series.length >= (verdict === "unknown" ? policy.framesAtMost : policy.framesUnsure);
  const isOver = enough || last.at - common.firstSeenAt >= policy.lookMs;
  return isOver ? { ...common, verdict: "unknown", person: null } : null;
}
