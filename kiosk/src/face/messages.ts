import type { Box } from "../decide/box";
import type { Quality } from "../decide/gates";

/** What the page asks of the worker. `id` pairs a question with its answer. */
export type Question =
  | { readonly id: number; readonly kind: "start"; readonly start: Start }
  | { readonly id: number; readonly kind: "track"; readonly frame: ImageBitmap }
  | { readonly id: number; readonly kind: "embed" };

export interface Start {
  readonly track: ArrayBuffer;
  /** Null where faces are only guided, never recognised (the enrolment page). */
  readonly embed: ArrayBuffer | null;
  readonly qualityNames: readonly string[];
  readonly presence: number;
  readonly threads: number;
}

/** One frame, looked at: boxes in frame pixels, the main face first; `main` is that face unless its crop held none. */
export interface Sight {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly main: { readonly quality: Quality } | null;
  readonly surround: number;
  readonly milliseconds: number;
}

export interface Embedding {
  readonly embedding: Float32Array | null;
  readonly milliseconds: number;
}

export type Answer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly message: string };
