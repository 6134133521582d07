/** Runs the graphs beside the page, so that the mirror stays smooth while faces are looked at. */
import type { Box } from "../decide/box";
import type { Answer, Embedding, Question, Sight, Start } from "./messages";
import { openSession, ort, prepareRuntime } from "./runtime";

interface Engine {
  readonly start: Start;
  readonly track: ort.InferenceSession;
  readonly embed: ort.InferenceSession | null;
}

/** The last frame stays here: an embedding is asked for after its quality is known, and must not send the frame again. */
interface Kept {
  readonly frame: ort.Tensor;
  readonly landmarks: ort.Tensor;
}

let engine: Engine | null = null;
let kept: Kept | null = null;
let canvas: OffscreenCanvas | null = null;

function pixelsOf(frame: ImageBitmap): ImageData {
  const { width, height } = frame;
  if (canvas?.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("no 2d canvas in this worker");
  context.drawImage(frame, 0, 0);
  frame.close();
  return context.getImageData(0, 0, width, height);
}

async function begin(start: Start): Promise<null> {
  prepareRuntime(start.threads);
  const track = await openSession(start.track);
  engine = { start, track, embed: start.embed === null ? null : await openSession(start.embed) };
  await warmUp(engine);
  return null;
}

/** The first run compiles and reserves memory: it must not fall on the first teacher of the morning. */
async function warmUp({ track, embed: session }: Engine): Promise<void> {
  const frame = new ort.Tensor("uint8", new Uint8Array(480 * 640 * 4), [480, 640, 4]);
  await track.run({ frame, limit: new ort.Tensor("int64", BigInt64Array.from([1n]), [1]) });
  const spread = Float32Array.from({ length: 468 * 2 }, (_, index) => 200 + ((index * 37) % 200));
  await session?.run({ frame, landmarks: new ort.Tensor("float32", spread, [1, 468, 2]) });
}

function numbers(tensor: ort.Tensor | undefined): Float32Array {
  return tensor === undefined ? new Float32Array() : (tensor.data as Float32Array);
}

function boxesOf(values: Float32Array): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + 3 < values.length; at += 4) {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = values.subarray(at, at + 4);
    boxes.push({ x1, y1, x2, y2 });
  }
  return boxes;
}

function isWithin(x: number, y: number, box: Box): boolean {
  return x > box.x1 && x < box.x2 && y > box.y1 && y < box.y2;
}

/** Mean light outside the largest face, from every 16th pixel of every 8th row: it only chooses words. */
function surroundOf({ data, width, height }: ImageData, face: Box | undefined): number {
  let sum = 0;
  let count = 0;
  for (let y = 0; y < height; y += 8) {
    for (let x = 0; x < width; x += 16) {
      if (face && isWithin(x, y, face)) continue;
      const [red = 0, green = 0, blue = 0] = data.subarray((y * width + x) * 4);
      sum += 0.299 * red + 0.587 * green + 0.114 * blue;
      count += 1;
    }
  }
  return sum / Math.max(1, count) / 255;
}

async function look({ start, track }: Engine, bitmap: ImageBitmap): Promise<Sight> {
  const began = performance.now();
  const pixels = pixelsOf(bitmap);
  const { width, height } = pixels;
  const bytes = new Uint8Array(pixels.data.buffer, pixels.data.byteOffset, pixels.data.length);
  const frame = new ort.Tensor("uint8", bytes, [height, width, 4]);
  const limit = new ort.Tensor("int64", BigInt64Array.from([1n]), [1]);
  const found = await track.run({ frame, limit });
  const boxes = boxesOf(numbers(found["boxes"]));
  const isFace = (numbers(found["presence"])[0] ?? 0) >= start.presence;
  const measures = numbers(found["quality"]);
  const landmarks = found["landmarks"];
  kept = isFace && landmarks ? { frame, landmarks } : null;
  const quality = Object.fromEntries(start.qualityNames.map((name, index) => [name, measures[index] ?? NaN]));
  const surround = surroundOf(pixels, boxes[0]);
  return { width, height, boxes, main: isFace ? { quality } : null, surround, milliseconds: performance.now() - began };
}

async function embed({ embed: session }: Engine): Promise<Embedding> {
  const began = performance.now();
  if (session === null || kept === null) return { embedding: null, milliseconds: 0 };
  const result = await session.run({ frame: kept.frame, landmarks: kept.landmarks });
  // A copy: the runtime reuses its memory for the next run.
  return { embedding: Float32Array.from(numbers(result["embedding"])), milliseconds: performance.now() - began };
}

function answer(question: Question): Promise<unknown> {
  if (question.kind === "start") return begin(question.start);
  if (engine === null) throw new Error("the worker was asked before it was started");
  return question.kind === "track" ? look(engine, question.frame) : embed(engine);
}

async function handle(question: Question): Promise<void> {
  let reply: Answer;
  try {
    reply = { id: question.id, ok: true, value: await answer(question) };
  } catch (error) {
    reply = { id: question.id, ok: false, message: String(error) };
  }
  self.postMessage(reply);
}

self.addEventListener("message", (event: MessageEvent<Question>) => void handle(event.data));
