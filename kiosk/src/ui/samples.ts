/** Demo only: lets anyone without a camera choose a sample picture or a photo of their own in its place. */
import { icon } from "./icons";
import type { Words } from "./words/id";

export interface Sample {
  readonly name: string;
  readonly url: string;
}

/** What the bar drives; the kiosk's picture. */
export interface SamplePlayer {
  useCamera(): Promise<void>;
  useSample(file: Blob): Promise<void>;
}

export class SampleBar {
  private samples: readonly Sample[] | null = null;
  private words: Words | null = null;
  private isOpen = false;
  private chosen = "";
  private unreadable = false;
  private drawn = "";

  constructor(
    private readonly root: HTMLElement,
    private readonly player: SamplePlayer,
  ) {}

  /** Null outside the demo: the bar is then not there at all. */
  offer(samples: readonly Sample[] | null): void {
    this.samples = samples;
    if (samples === null && this.chosen !== "") this.choose("", () => this.player.useCamera());
    this.draw();
  }

  speak(words: Words): void {
    this.words = words;
    this.draw();
  }

  private draw(): void {
    const { samples, words } = this;
    this.root.hidden = samples === null || words === null;
    if (samples === null || words === null) return;
    const state = JSON.stringify([samples, words.sample, this.isOpen, this.chosen, this.unreadable]);
    if (state === this.drawn) return;
    this.drawn = state;
    this.root.replaceChildren(...(this.isOpen ? this.choices(samples, words) : [this.opener(words)]));
  }

  private opener(words: Words): HTMLElement {
    const button = this.button(words.sample.open, () => this.toggle());
    button.prepend(icon("photo"));
    button.setAttribute("aria-expanded", "false");
    return button;
  }

  private choices(samples: readonly Sample[], words: Words): HTMLElement[] {
    const buttons = samples.map((sample) => {
      const button = this.button(sample.name, () => this.choose(sample.name, () => this.useAddress(sample.url)));
      button.setAttribute("aria-pressed", String(sample.name === this.chosen));
      return button;
    });
    const trouble = document.createElement("p");
    trouble.textContent = words.sample.unreadable;
    trouble.hidden = !this.unreadable;
    const camera = this.button(words.sample.camera, () => this.choose("", () => this.player.useCamera()));
    const close = this.button(words.sample.close, () => this.toggle());
    return [trouble, ...buttons, ...this.ownFile(words), camera, close];
  }

  private ownFile(words: Words): HTMLElement[] {
    const input = document.createElement("input");
    Object.assign(input, { type: "file", accept: "image/*,video/*", hidden: true });
    input.addEventListener("change", () => {
      const file = input.files?.[0];
      if (file) this.choose(words.sample.own, () => this.player.useSample(file));
    });
    const button = this.button(words.sample.own, () => input.click());
    button.setAttribute("aria-pressed", String(this.chosen === words.sample.own));
    return [button, input];
  }

  private button(word: string, pressed: () => void): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.append(word);
    button.addEventListener("click", pressed);
    return button;
  }

  private toggle(): void {
    this.isOpen = !this.isOpen;
    this.draw();
    this.root.querySelector("button")?.focus();
  }

  private async useAddress(url: string): Promise<void> {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`sample: ${response.status}`);
    await this.player.useSample(await response.blob());
  }

  private choose(name: string, act: () => Promise<void>): void {
    act().then(
      () => this.settle(name, false),
      () => this.settle(this.chosen, true),
    );
  }

  private settle(chosen: string, unreadable: boolean): void {
    this.chosen = chosen;
    this.unreadable = unreadable;
    this.draw();
  }
}
