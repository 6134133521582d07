/** One person's enrolment, from the notice to the finish. */
import { CameraError, closeStream, openCamera } from "../camera/camera";
import { Frames, play } from "../camera/frames";
import { FaceEngine } from "../face/engine";
import { readPack, type Pack } from "../face/pack";
import { ApiError } from "../sync/client";
import { clockTime } from "../ui/clock";
import { ADVISE_AFTER_MS, isTimeToTake, POSES, read, steadier, type Pose, type Reading, type Steady } from "./guide";
import { Office, Refusal, type Basis, type ImageAnswer } from "./office";
import type { Page } from "./page";

const LEAST_FROM_CAMERA = 3;
/** A refusal is read before the next picture is taken by itself. */
const READ_REFUSAL_MS = 2_500;

export class Enrolment {
  private readonly office: Office;
  private id = "";
  private readonly done = new Map<Pose, string>();
  private templates = 0;
  private steady: Steady | null = null;
  private refusedUntil = 0;
  private stream: MediaStream | null = null;
  private isSending = false;

  constructor(private readonly page: Page) {
    this.office = new Office(page.csrf, document.documentElement.lang);
  }

  /** The poses that are still to be taken, the next first. */
  private get next(): Pose | null {
    return POSES.find((pose) => !this.done.has(pose)) ?? null;
  }

  async begin(basis: Basis): Promise<void> {
    const { page } = this;
    this.id = await this.office.start(page.setting("person"), Number(page.setting("notice")), basis);
    await this.open();
  }

  /** Go on with a draft that the server already has open. */
  async resume(id: string, templates: number): Promise<void> {
    this.id = id;
    this.templates = templates;
    await this.open();
  }

  private async open(): Promise<void> {
    this.page.showStep("face");
    this.page.instruct(this.page.words.instruction.starting);
    this.showProgress();
    await this.openCamera();
  }

  private async openCamera(): Promise<void> {
    const { page } = this;
    page.root.dataset["enrolCamera"] = "starting";
    try {
      const pack = readPack(JSON.parse(page.setting("pack") || "null"));
      this.stream = await openCamera();
      await play(page.video, this.stream);
      const engine = await FaceEngine.start(pack, "track");
      page.root.dataset["enrolCamera"] = "live";
      page.showUpload(false);
      void this.watch(engine, pack);
    } catch (error) {
      this.withoutCamera(error instanceof CameraError ? error.trouble : "engine");
    }
  }

  private withoutCamera(cause: keyof Page["words"]["camera"]): void {
    const { page } = this;
    this.closeCamera();
    page.root.dataset["enrolCamera"] = cause === "engine" ? "unsupported" : cause;
    page.instruct(page.words.instruction.upload);
    page.reason(null);
    page.showUpload(true, page.words.camera[cause]);
  }

  private isOpen(): boolean {
    return this.stream !== null;
  }

  private closeCamera(): void {
    if (this.stream !== null) closeStream(this.stream);
    this.stream = null;
  }

  /** Look at the newest picture, again and again, until the poses are done. */
  private async watch(engine: FaceEngine, pack: Pack): Promise<void> {
    this.showProgress();
    const frames = new Frames(this.page.video);
    try {
      while (this.isOpen() && this.next !== null) {
        const sight = await engine.track(await frames.next());
        await this.follow(read(sight, this.next, pack.gates.enrol));
      }
    } catch {
      if (this.isOpen()) this.withoutCamera("engine");
    } finally {
      engine.stop();
    }
  }

  private async follow(reading: Reading): Promise<void> {
    const { page } = this;
    const at = performance.now();
    this.steady = steadier(this.steady, reading.advice, at);
    page.showChecks(reading.checks);
    page.showTurn(reading.turn);
    page.showHolding(reading.advice === null);
    if (at < this.refusedUntil) return;
    const { advice, since } = this.steady;
    const slow = advice !== null && at - since >= ADVISE_AFTER_MS;
    page.reason(slow ? asPair(page.words.advice[advice]) : null);
    if (isTimeToTake(this.steady, at)) await this.take();
  }

  /** Take the picture as it is now. The server decides whether it is good enough. */
  async take(): Promise<void> {
    const pose = this.next;
    if (pose === null || this.isSending || this.stream === null) return;
    this.isSending = true;
    this.page.instruct(this.page.words.instruction.checking);
    try {
      const answer = await this.office.send(this.id, await photograph(this.page.video), pose);
      this.judge(answer, pose);
    } catch (error) {
      this.explain(error);
    } finally {
      this.isSending = false;
      this.steady = null;
      this.showProgress();
    }
  }

  private judge(answer: ImageAnswer, pose: Pose): void {
    const { page } = this;
    this.templates = answer.templates;
    if (answer.accepted) {
      this.done.set(pose, clockTime(new Date(), Intl.DateTimeFormat().resolvedOptions().timeZone));
      page.reason(null);
      return;
    }
    this.refusedUntil = performance.now() + READ_REFUSAL_MS;
    page.reason([page.words.refused, sentencesOf(answer)]);
  }

  /** A failure that is not about the picture. What was saved stays saved. */
  explain(error: unknown): void {
    const { failed } = this.page.words;
    this.refusedUntil = performance.now() + READ_REFUSAL_MS;
    if (error instanceof Refusal && error.sentence !== "") this.page.reason([error.sentence, ""]);
    else this.page.reason(asPair(error instanceof ApiError && error.code === "offline" ? failed.offline : failed.other));
  }

  private showProgress(): void {
    const { page, next } = this;
    page.showPoses(this.done, next);
    const finish = page.find("finish") as HTMLButtonElement | null;
    if (finish !== null) finish.disabled = !this.isEnough();
    if (page.root.dataset["enrolCamera"] === "live") page.instruct(page.words.instruction[next ?? "complete"]);
    if (next === null) {
      this.closeCamera();
      page.showStep("check");
    } else {
      this.offerFinish();
    }
  }

  /** With enough templates the last step is reachable beside this one. */
  private offerFinish(): void {
    const section = this.page.find("section", "check");
    if (section !== null) section.hidden = !this.isEnough();
  }

  private isEnough(): boolean {
    const fromCamera = this.done.size;
    return fromCamera === 0 ? this.templates > 0 : fromCamera >= LEAST_FROM_CAMERA || this.templates > fromCamera;
  }

  async upload(files: readonly File[]): Promise<void> {
    for (const file of files) {
      try {
        const answer = await this.office.send(this.id, file, "upload");
        this.templates = answer.templates;
        this.page.addPhotoLine(file.name, answer.accepted, answer.accepted ? this.page.words.accepted : sentencesOf(answer));
      } catch (error) {
        this.explain(error);
      }
    }
    this.showProgress();
  }

  async finish(): Promise<void> {
    const { page } = this;
    try {
      const { state, templates } = await this.office.finish(this.id);
      this.closeCamera();
      page.showStep("check");
      page.showResult(state === "held" ? page.words.held : page.words.active(templates));
      page.finished(page.setting("done"));
    } catch (error) {
      this.explain(error);
    }
  }
}

function asPair(words: readonly string[]): [string, string] {
  return [words[0] ?? "", words[1] ?? ""];
}

function sentencesOf(answer: ImageAnswer): string {
  return answer.reasons.map((reason) => reason.text).join(" ");
}

/** The picture as the camera sees it, not mirrored, at its full size. */
async function photograph(video: HTMLVideoElement): Promise<Blob> {
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 });
}
