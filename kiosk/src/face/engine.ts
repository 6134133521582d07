import type { Answer, Embedding, Question, Sight, Start } from "./messages";
import { loadGraphs, type Pack } from "./pack";

type Without<T> = T extends { id: number } ? Omit<T, "id"> : never;
interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Threads that help: more than four only heat the tablet. One where the page is not cross-origin isolated. */
export function threadsFor(isolated: boolean, cores: number): number {
  return isolated ? Math.max(1, Math.min(4, cores)) : 1;
}

/** The face engine in its worker. One question at a time; the caller decides which frame is worth asking about. */
export class FaceEngine {
  private readonly waiting = new Map<number, Waiting>();
  private next = 0;

  private constructor(private readonly worker: Worker) {
    worker.addEventListener("message", (event: MessageEvent<Answer>) => this.settle(event.data));
    worker.addEventListener("error", (event) => this.failAll(event.message));
  }

  /** Fetch (once), verify and start the graphs of a pack. */
  static async start(pack: Pack, wanted: "track" | "both"): Promise<FaceEngine> {
    const graphs = await loadGraphs(pack, wanted);
    const engine = new FaceEngine(new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }));
    const start: Start = {
      ...graphs,
      qualityNames: pack.quality_names,
      presence: pack.presence,
      threads: threadsFor(globalThis.crossOriginIsolated, navigator.hardwareConcurrency),
    };
    const parts = graphs.embed === null ? [graphs.track] : [graphs.track, graphs.embed];
    await engine.ask({ kind: "start", start }, parts);
    return engine;
  }

  /** Look at a frame. The bitmap is given away. */
  track(frame: ImageBitmap): Promise<Sight> {
    return this.ask({ kind: "track", frame }, [frame]) as Promise<Sight>;
  }

  /** The embedding of the main face of the frame looked at last; null when it had none. */
  embed(): Promise<Embedding> {
    return this.ask({ kind: "embed" }, []) as Promise<Embedding>;
  }

  stop(): void {
    this.worker.terminate();
    this.failAll("stopped");
  }

  private ask(question: Without<Question>, transfer: Transferable[]): Promise<unknown> {
    this.next += 1;
    const id = this.next;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ ...question, id }, transfer);
    });
  }

  private settle(answer: Answer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (answer.ok) waiting?.resolve(answer.value);
    else waiting?.reject(new Error(answer.message));
  }

  private failAll(message: string): void {
    for (const { reject } of this.waiting.values()) reject(new Error(message));
    this.waiting.clear();
  }
}
