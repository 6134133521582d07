/** The server's page, as far as the script touches it: docs/enrol-page.md says which attribute means what. */
import { icon } from "../ui/icons";
import { CHECKS, POSES, type CheckName, type Check, type Pose } from "./guide";
import { en } from "./words/en";
import { id, type EnrolWords } from "./words/id";

export type Step = "notice" | "face" | "check";
export type Progress = "done" | "now" | "later";

const STEPS: readonly Step[] = ["notice", "face", "check"];

export class Page {
  readonly words: EnrolWords;
  readonly video = document.createElement("video");
  private readonly glass = document.createElement("div");

  constructor(readonly root: HTMLElement) {
    this.words = document.documentElement.lang === "en" ? en : id;
    root.dataset["enrolLive"] = "";
    this.buildMirror();
  }

  find(name: string, value?: string, inside: ParentNode = this.root): HTMLElement | null {
    return inside.querySelector<HTMLElement>(value === undefined ? `[data-enrol-${name}]` : `[data-enrol-${name}="${value}"]`);
  }

  setting(name: string): string {
    return this.root.getAttribute(`data-enrol-${name}`) ?? "";
  }

  get csrf(): string {
    return this.root.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
  }

  private write(element: HTMLElement | null, text: string): void {
    if (element !== null && element.textContent !== text) element.textContent = text;
  }

  showStep(step: Step): void {
    this.root.dataset["enrolStep"] = step;
    const at = STEPS.indexOf(step);
    STEPS.forEach((name, index) => {
      const section = this.find("section", name);
      if (section !== null) section.hidden = name !== step;
      const mark = this.find("mark", name);
      if (mark === null) return;
      mark.dataset["state"] = index < at ? "done" : index === at ? "now" : "later";
      if (index === at) mark.setAttribute("aria-current", "step");
      else mark.removeAttribute("aria-current");
    });
  }

  instruct(text: string): void {
    this.write(this.find("instruction"), text);
  }

  /** Show the kind reason, or take it away. */
  reason(words: readonly [string, string] | null): void {
    const box = this.find("reason");
    if (box === null) return;
    box.hidden = words === null;
    if (words === null) return;
    this.write(this.find("reason-title", undefined, box), words[0]);
    this.write(this.find("reason-text", undefined, box), words[1]);
  }

  showChecks(checks: Readonly<Record<CheckName, Check>>): void {
    for (const name of CHECKS) {
      const element = this.find("check", name);
      const check = checks[name];
      if (element === null) continue;
      element.dataset["state"] = check.state;
      this.write(this.find("note", undefined, element), check.state === "fix" ? this.words.check[check.note] : "");
    }
  }

  /** Which poses are done (with the time of their template), which is next. */
  showPoses(done: ReadonlyMap<Pose, string>, now: Pose | null): void {
    for (const pose of POSES) {
      const state: Progress = done.has(pose) ? "done" : pose === now ? "now" : "later";
      for (const kind of ["pose", "slot"] as const) {
        const element = this.find(kind, pose);
        if (element === null) continue;
        element.dataset["state"] = state;
        const time = kind === "slot" ? done.get(pose) : undefined;
        this.write(this.find("note", undefined, element), time ?? this.words.pose[state]);
      }
    }
    this.write(this.find("count"), this.words.count(done.size, POSES.length));
  }

  showTurn(turn: "left" | "right" | null): void {
    this.glass.dataset["turn"] = turn ?? "";
  }

  showHolding(holding: boolean): void {
    this.glass.dataset["oval"] = holding ? "whole-line" : "dashed";
  }

  /** Open the upload part, with the cause when there is no camera. */
  showUpload(shown: boolean, cause = ""): void {
    const part = this.find("upload");
    if (part !== null) part.hidden = !shown;
    const note = this.find("camera-note");
    if (note === null) return;
    note.hidden = cause === "";
    this.write(note, cause);
  }

  addPhotoLine(name: string, accepted: boolean, text: string): void {
    const line = document.createElement("li");
    line.dataset["state"] = accepted ? "ok" : "fix";
    const title = document.createElement("b");
    title.textContent = name;
    const said = document.createElement("span");
    said.append(title, ` ${text}`);
    // The mark beside it is the one of the checks above, so that it looks the same in every state.
    const mark = this.root.querySelector("[data-enrol-check] .mark");
    if (mark !== null) line.append(mark.cloneNode(true));
    line.append(said);
    this.find("upload-list")?.append(line);
  }

  showResult(text: string): void {
    this.write(this.find("result"), text);
  }

  /** Nothing more to do here: the way back takes the place of the button. */
  finished(address: string): void {
    const finish = this.find("finish");
    if (finish !== null) finish.hidden = true;
    const next = this.find("next") as HTMLAnchorElement | null;
    if (next === null) return;
    next.href = address;
    next.hidden = false;
    next.focus();
  }

  private buildMirror(): void {
    const { glass, video } = this;
    glass.className = "looking-glass";
    glass.dataset["oval"] = "dashed";
    video.muted = true;
    video.playsInline = true;
    const frame = document.createElement("div");
    frame.className = "frame";
    const oval = new DOMParser().parseFromString(OVAL, "image/svg+xml").documentElement;
    const left = document.createElement("span");
    left.className = "aside left";
    left.append(icon("arrow-right"));
    const right = document.createElement("span");
    right.className = "aside right";
    right.append(icon("arrow-right"));
    frame.append(document.importNode(oval, true));
    glass.append(video, frame, left, right);
    glass.setAttribute("aria-hidden", "true");
    this.find("mirror")?.replaceChildren(glass);
  }
}

const OVAL = `<svg xmlns="http://www.w3.org/2000/svg" class="oval" viewBox="0 0 360 456"><ellipse class="track" cx="180" cy="228" rx="176" ry="224"/></svg>`;
