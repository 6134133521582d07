/** Demo only: a picture or clip drawn into a stream, with the small motion of a person who stands still. */
const WIDTH = 640;
const HEIGHT = 480;
const RATE = 20;

export interface SampleStream {
  readonly stream: MediaStream;
  readonly stop: () => void;
}

type Picture = ImageBitmap | HTMLVideoElement;

function sizeOf(picture: Picture): [number, number] {
  return picture instanceof HTMLVideoElement ? [picture.videoWidth, picture.videoHeight] : [picture.width, picture.height];
}

/** Draw the picture as large as it fits, swaying by some pixels. */
function draw(context: CanvasRenderingContext2D, picture: Picture, seconds: number): void {
  const [width, height] = sizeOf(picture);
  const scale = Math.min(WIDTH / width, HEIGHT / height) * (1 + 0.006 * Math.sin(seconds * 1.7));
  const x = (WIDTH - width * scale) / 2 + 3 * Math.sin(seconds * 1.1);
  const y = (HEIGHT - height * scale) / 2 + 2 * Math.sin(seconds * 1.5);
  context.fillStyle = "#9aa5a8";
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.drawImage(picture, x, y, width * scale, height * scale);
}

async function openClip(url: string): Promise<HTMLVideoElement> {
  const clip = document.createElement("video");
  Object.assign(clip, { src: url, muted: true, loop: true, playsInline: true });
  await clip.play();
  return clip;
}

/** Make a stream of a picture or clip. Throws what the browser throws when the file is neither. */
export async function openSample(file: Blob): Promise<SampleStream> {
  const url = file.type.startsWith("video/") ? URL.createObjectURL(file) : null;
  const picture = url === null ? await createImageBitmap(file) : await openClip(url);
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no 2d canvas");
  const began = performance.now();
  const paint = () => draw(context, picture, (performance.now() - began) / 1000);
  paint();
  const timer = setInterval(paint, 1000 / RATE);
  const stop = () => {
    clearInterval(timer);
    if (url !== null) URL.revokeObjectURL(url);
  };
  return { stream: canvas.captureStream(RATE), stop };
}
