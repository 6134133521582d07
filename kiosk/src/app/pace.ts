/** How fast this device is: written on the page, where whoever helps by telephone can read it. */
const KEPT = 30;

export class Pace {
  private looks: number[] = [];
  private embeddings: number[] = [];
  private looksSince = 0;
  private since = performance.now();

  looked(milliseconds: number): void {
    this.looks = [...this.looks, milliseconds].slice(-KEPT);
    this.looksSince += 1;
  }

  embedded(milliseconds: number): void {
    this.embeddings = [...this.embeddings, milliseconds].slice(-KEPT);
  }

  /** Frames a second since the last reading, medians of the last runs in milliseconds. */
  read(): { framesPerSecond: string; trackMs: string; embedMs: string } {
    const now = performance.now();
    const framesPerSecond = (this.looksSince * 1000) / Math.max(1, now - this.since);
    this.looksSince = 0;
    this.since = now;
    return { framesPerSecond: framesPerSecond.toFixed(1), trackMs: median(this.looks), embedMs: median(this.embeddings) };
  }
}

function median(values: readonly number[]): string {
  const sorted = [...values].sort((left, right) => left - right);
  return (sorted[Math.floor(sorted.length / 2)] ?? 0).toFixed(1);
}
