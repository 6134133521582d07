/** Short tones, so that an answer is understood without looking. Browsers allow sound only after a first touch. */
import type { Scene } from "./view";

interface Tone {
  readonly hertz: number;
  readonly at: number;
  readonly seconds: number;
  readonly loudness: number;
}

const TICK: readonly Tone[] = [{ hertz: 1400, at: 0, seconds: 0.03, loudness: 0.08 }];
const RISING: readonly Tone[] = [
  { hertz: 587, at: 0, seconds: 0.14, loudness: 0.4 },
  { hertz: 880, at: 0.15, seconds: 0.24, loudness: 0.4 },
];
const LOW: readonly Tone[] = [{ hertz: 294, at: 0, seconds: 0.28, loudness: 0.4 }];
const TWO_LOW: readonly Tone[] = [
  { hertz: 262, at: 0, seconds: 0.16, loudness: 0.4 },
  { hertz: 262, at: 0.24, seconds: 0.16, loudness: 0.4 },
];

/** States without a line here are silent. */
const TONES: Partial<Record<Scene["kind"], readonly Tone[]>> = {
  hold: TICK,
  recorded: RISING,
  already: LOW,
  unknown: TWO_LOW,
  "other-way": TWO_LOW,
};

export class Sound {
  private context: AudioContext | null = null;

  /** Is a touch still needed before anything can be heard? */
  get isBlocked(): boolean {
    return this.context?.state !== "running";
  }

  /** Start the audio system; call again from a touch or key press when the browser blocked it. */
  async enable(): Promise<void> {
    this.context ??= new AudioContext();
    await this.context.resume();
  }

  play(kind: Scene["kind"]): void {
    const { context } = this;
    if (context?.state !== "running") return;
    for (const tone of TONES[kind] ?? []) sing(context, tone);
  }
}

function sing(context: AudioContext, { hertz, at, seconds, loudness }: Tone): void {
  const start = context.currentTime + at;
  const oscillator = new OscillatorNode(context, { frequency: hertz });
  const volume = new GainNode(context, { gain: 0 });
  // Soft edges: a square-cut tone clicks.
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(loudness, start + 0.012);
  volume.gain.setTargetAtTime(0, start + seconds, 0.02);
  oscillator.connect(volume).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + seconds + 0.2);
}
