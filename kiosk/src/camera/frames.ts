/** The longer side of a frame given to the engine: a larger camera picture tells it nothing more. */
const LONGEST = 640;
/** A video that announces no new picture for this long is looked at all the same. */
const PATIENCE_MS = 500;

/** Hands out the newest picture of a video. Pictures that nobody asked for in time are never kept. */
export class Frames {
  private isFresh = false;
  private wake: () => void = () => undefined;

  constructor(private readonly video: HTMLVideoElement) {
    this.listen();
  }

  /** The picture that the video shows now; waits while it is still the one handed out before. */
  async next(): Promise<ImageBitmap> {
    if (!this.isFresh) await this.announced();
    this.isFresh = false;
    return grab(this.video);
  }

  private listen(): void {
    const announce = () => {
      this.isFresh = true;
      this.wake();
      this.listen();
    };
    if ("requestVideoFrameCallback" in this.video) this.video.requestVideoFrameCallback(announce);
    else requestAnimationFrame(announce);
  }

  private announced(): Promise<void> {
    return new Promise((resolve) => {
      const late = setTimeout(resolve, PATIENCE_MS);
      this.wake = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }
}

function grab(video: HTMLVideoElement): Promise<ImageBitmap> {
  const { videoWidth: width, videoHeight: height } = video;
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  if (scale === 1) return createImageBitmap(video);
  const size = { resizeWidth: Math.round(width * scale), resizeHeight: Math.round(height * scale) };
  return createImageBitmap(video, { ...size, resizeQuality: "medium" });
}

/** Attach a stream and wait until it shows a picture. */
export async function play(video: HTMLVideoElement, stream: MediaStream): Promise<void> {
  video.srcObject = stream;
  await video.play();
}
