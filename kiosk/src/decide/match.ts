import type { Gallery } from "../gallery/gallery";

/** Where the pack's lines are, as cosines (contract/models.json says how they were measured). */
export interface Thresholds {
  readonly accept: number;
  readonly unknown: number;
  readonly margin: number;
}

/** The best person of the gallery for one face, and how near the best of the other people is. */
export interface Match {
  readonly person: string | null;
  readonly similarity: number;
  readonly second: number | null;
}

export type Verdict = "recognised" | "unsure" | "unknown";

export function cosine(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index += 1) sum += (left[index] ?? 0) * (right[index] ?? 0);
  return sum;
}

/** The mean of several unit vectors, at unit length: what several frames of one face agree on. */
export function fuse(embeddings: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(embeddings[0]?.length ?? 0);
  for (const embedding of embeddings) embedding.forEach((value, index) => (mean[index] = (mean[index] ?? 0) + value));
  const length = Math.sqrt(cosine(mean, mean)) || 1;
  return mean.map((value) => value / length);
}

/**
 * A person is as near as the nearest of their templates; people without templates are passed over, of equals the first
 * one stands. An empty gallery matches nobody, with similarity -1.
 */
export function match(probe: Float32Array, gallery: Gallery): Match {
  let best: string | null = null;
  let similarity = -1;
  let second: number | null = null;
  for (const { id, templates } of gallery.people) {
    if (templates.length === 0) continue;
    const near = Math.max(...templates.map((template) => cosine(probe, template)));
    if (best === null || near > similarity) {
      second = best === null ? null : similarity;
      best = id;
      similarity = near;
    } else if (second === null || near > second) {
      second = near;
    }
  }
  return { person: best, similarity, second };
}

/** The same three answers as `hadir.face.decide`; contract/decide.json holds both to the same cases. */
export function decide(similarity: number, second: number | null, thresholds: Thresholds): Verdict {
  // Written so that a cosine that is not a number is unknown too.
  if (!(similarity >= thresholds.unknown)) return "unknown";
  const apart = second === null || similarity - second >= thresholds.margin;
  return similarity >= thresholds.accept && apart ? "recognised" : "unsure";
}
