/** Puts views on the page. The elements are in the server's template; here they only get words, shapes and numbers. */
import { BARS, TRIES, type View } from "./view";
import { icon, type IconName } from "./icons";
import type { Words } from "./words/id";

function part(root: HTMLElement, name: string): HTMLElement {
  const found = root.querySelector<HTMLElement>(`[data-part="${name}"]`);
  if (found === null) throw new Error(`the page has no part "${name}"`);
  return found;
}

/** Only real changes reach the page, so that a screen reader speaks once per change. */
function put(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
  const empty = text === "";
  if (element.hidden !== empty) element.hidden = empty;
}

function putIcon(element: HTMLElement, name: IconName): void {
  if (element.dataset["icon"] === name && element.childElementCount > 0) return;
  element.dataset["icon"] = name;
  element.replaceChildren(icon(name));
}

export interface Line {
  readonly online: boolean;
  readonly unsent: number;
}

export class Screen {
  private readonly parts: Readonly<Record<string, HTMLElement>>;

  constructor(readonly root: HTMLElement) {
    const names = [...root.querySelectorAll<HTMLElement>("[data-part]")].map((element) => element.dataset["part"] ?? "");
    this.parts = Object.fromEntries(names.map((name) => [name, part(root, name)]));
    for (const element of root.querySelectorAll<HTMLElement>(".frame [data-icon]")) {
      element.replaceChildren(icon(element.dataset["icon"] as IconName));
    }
  }

  get(name: string): HTMLElement {
    return this.parts[name] ?? part(this.root, name);
  }

  get video(): HTMLVideoElement {
    return this.get("video") as HTMLVideoElement;
  }

  show(view: View, person: string | null, words: Words): void {
    Object.assign(this.root.dataset, { state: view.state, ground: view.ground, oval: view.oval, person: person ?? "" });
    this.root.dataset["arrows"] = String(view.arrows);
    this.root.dataset["frames"] = String(view.bars ?? 0);
    const sign = this.get("sign");
    sign.dataset["shape"] = view.shape;
    putIcon(sign, view.icon);
    put(this.get("headline"), view.headline);
    put(this.get("time"), view.time);
    put(this.get("name"), view.name);
    put(this.get("line"), view.line);
    this.get("clock").hidden = !view.clock;
    this.showBars(view.bars);
    this.showAttempt(view.attempt, words);
  }

  private showBars(done: number | null): void {
    const bars = this.get("bars");
    bars.hidden = done === null;
    [...bars.children].slice(0, BARS).forEach((bar, index) => bar.classList.toggle("done", index < (done ?? 0)));
  }

  private showAttempt(attempt: number | null, words: Words): void {
    const line = this.get("attempt");
    line.hidden = attempt === null;
    if (attempt === null) return;
    put(this.get("attempt-words"), words.attempt(attempt, TRIES));
    line.querySelectorAll(".dots i").forEach((dot, index) => dot.classList.toggle("done", index < attempt));
  }

  showPlace(name: string): void {
    put(this.get("place"), name);
  }

  showTime(clock: string, date: string): void {
    const element = this.get("clock");
    if (element.textContent !== clock) element.textContent = clock;
    put(this.get("date"), date);
  }

  /** "Semua terkirim", what is on its way, or the dashed box of a kiosk without network. */
  showLine({ online, unsent }: Line, words: Words): void {
    const sent = this.get("sent");
    Object.assign(this.root.dataset, { offline: String(!online), unsent: String(unsent) });
    const first = unsent === 0 ? words.allSent : words.sending(unsent);
    const [said, more] = online ? [first, ""] : [words.offline, words.safeHere(unsent)];
    if (!sent.hidden && sent.dataset["said"] === said + more) return;
    sent.dataset["said"] = said + more;
    sent.hidden = false;
    sent.classList.toggle("box", !online);
    const text = document.createElement("span");
    const safe = document.createElement("span");
    safe.textContent = more;
    text.append(`${said} `, safe);
    sent.replaceChildren(icon(online ? "cloud-upload" : "cloud-off"), text);
  }

  /** A small button with an icon and a word. */
  showButton(name: "language" | "sound", iconName: IconName, word: string, pressed: () => void): void {
    const button = this.get(name) as HTMLButtonElement;
    button.replaceChildren(icon(iconName), word);
    button.onclick = pressed;
    button.hidden = false;
  }

  hideButton(name: "language" | "sound"): void {
    this.get(name).hidden = true;
  }
}
