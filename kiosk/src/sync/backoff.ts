const FIRST_MS = 2_000;
const LONGEST_MS = 60_000;

/**
 * How long to wait after this many failures in a row: doubling, with a random half, so that a region's kiosks do not all
 * come back in the same second. `random` is 0..1.
 */
export function delayAfter(failures: number, random: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return Math.round(whole / 2 + (whole / 2) * random);
}
