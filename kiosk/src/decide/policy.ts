/** The kiosk's own numbers. What depends on the model pack (gates, thresholds) is in the pack's manifest instead. */
export const POLICY = {
  /** Good frames before an answer may be given, and after which a face far from everybody is "unknown". */
  framesNeeded: 3,
  framesAtMost: 6,
  /** The same for a face that is near somebody, only not near enough or not alone: it is worth a longer look. */
  framesUnsure: 12,
  /** A look is never longer than this, however slow the device; so far below `seriesMs` that three slow frames reach it. */
  lookMs: 2_500,
  /** Good frames older than this no longer belong to the same look into the camera. */
  seriesMs: 4_000,
  triesPerFace: 3,
  recordedMs: 2_500,
  unknownMs: 4_000,
  /** A face that is away for this long has left: its tries end. */
  leftMs: 3_000,
  /** A face that is away for this long frees the screen. */
  goneMs: 700,
  /** The same person within this time has been recorded already. */
  againMs: 5 * 60_000,
  /** A second face counts when it is at least this large beside the first (width to width) and this much in the picture. */
  secondFaceShare: 0.65,
  secondFaceInside: 0.8,
  /** Faces below this share of the least size are passers-by, not somebody at the kiosk. */
  passerbyShare: 0.4,
  /** Advice must stay the right one for this long before it is shown, so that the words do not flicker. */
  steadyMs: 300,
  /** While an answer stands, the face is looked at again this often, to notice that another person took the place. */
  recheckMs: 600,
} as const;

export type Policy = { readonly [K in keyof typeof POLICY]: number };
