/** The moving picture that faces are looked for in: the camera, or in the demo a sample in its place. */
import { CameraError, closeStream, onCameraEnd, openCamera, type CameraTrouble } from "../camera/camera";
import { play } from "../camera/frames";
import { openSample } from "../camera/sample";

const RETRY_MS = 3_000;

export type PictureSource = "camera" | "sample";

export class Picture {
  private stream: MediaStream | null = null;
  private stopSample: () => void = () => undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  /** Counts what was asked for, so that an answer that comes late is not taken for the newest wish. */
  private wish = 0;
  source: PictureSource = "camera";
  live = false;

  constructor(
    readonly video: HTMLVideoElement,
    private readonly changed: (trouble: CameraTrouble | null) => void,
  ) {
    (navigator as Partial<Navigator>).mediaDevices?.addEventListener("devicechange", () => this.tryAgain());
  }

  /** Show the camera; where it gives nothing, say why and keep trying. */
  async useCamera(): Promise<void> {
    const wish = this.begin();
    try {
      const stream = await openCamera();
      if (wish !== this.wish) {
        closeStream(stream);
        return;
      }
      onCameraEnd(stream, () => void this.useCamera());
      await this.take(stream, "camera");
    } catch (error) {
      if (wish !== this.wish) return;
      this.changed(error instanceof CameraError ? error.trouble : "unsupported");
      this.retry = setTimeout(() => void this.useCamera(), RETRY_MS);
    }
  }

  /** Show a sample. Throws when the file is no picture or clip; the picture before it is then still there. */
  async useSample(file: Blob): Promise<void> {
    const sample = await openSample(file);
    this.begin();
    this.stopSample = sample.stop;
    await this.take(sample.stream, "sample");
  }

  private begin(): number {
    clearTimeout(this.retry);
    this.stopSample();
    this.stopSample = () => undefined;
    if (this.stream !== null) closeStream(this.stream);
    this.stream = null;
    this.live = false;
    this.wish += 1;
    return this.wish;
  }

  private async take(stream: MediaStream, source: PictureSource): Promise<void> {
    this.stream = stream;
    this.source = source;
    await play(this.video, stream);
    this.live = true;
    this.changed(null);
  }

  private tryAgain(): void {
    if (!this.live && this.source === "camera") void this.useCamera();
  }
}
