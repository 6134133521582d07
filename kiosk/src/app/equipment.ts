/** What recognition needs, as a matching pair: the engine of a model pack and a gallery made with the same pack. */
import { FaceEngine } from "../face/engine";
import { PackError, readPack, type Pack } from "../face/pack";
import type { Gallery } from "../gallery/gallery";
import { delayAfter } from "../sync/backoff";
import type { NotReadyReason } from "../ui/view";

export interface Equipment {
  readonly pack: Pack;
  readonly engine: FaceEngine;
  readonly gallery: Gallery;
}

export class Outfitter {
  /** In use. An older pair stays in use until a newer one is whole: a change of pack must not stop a morning. */
  current: Equipment | null = null;
  problem: NotReadyReason | null = null;
  private ready: { pack: Pack; engine: FaceEngine } | null = null;
  private gallery: Gallery | null = null;
  private wanted = "";
  private failures = 0;

  constructor(private readonly changed: () => void) {}

  /** The server does not answer: that matters only to a kiosk that has never heard from it. */
  missServer(): void {
    if (this.wanted !== "" || this.problem !== null) return;
    this.problem = "server";
    this.changed();
  }

  setGallery(gallery: Gallery | null): void {
    this.gallery = gallery;
    if (gallery === null) this.current = null;
    this.assemble();
  }

  /** Take the manifest as the server sent it, and get its engine running unless it already is. */
  setPack(sent: unknown): void {
    try {
      const pack = readPack(sent);
      if (pack.id === this.wanted) return;
      this.wanted = pack.id;
      void this.load(pack);
    } catch (error) {
      this.fail(error);
    }
  }

  /** The engine broke down while running: start it anew. */
  restart(): void {
    const pack = this.current?.pack ?? this.ready?.pack;
    this.current?.engine.stop();
    this.current = null;
    this.ready = null;
    this.problem = "engine";
    this.failures += 1;
    this.changed();
    if (pack) setTimeout(() => void this.load(pack), delayAfter(this.failures, Math.random()));
  }

  private async load(pack: Pack): Promise<void> {
    if (this.current === null && this.problem === "server") this.problem = null;
    this.changed();
    try {
      const engine = await FaceEngine.start(pack, "both");
      this.ready = { pack, engine };
      this.failures = 0;
      this.problem = null;
      this.assemble();
    } catch (error) {
      this.fail(error);
      this.failures += 1;
      if (pack.id === this.wanted) setTimeout(() => void this.load(pack), delayAfter(this.failures, Math.random()));
    }
  }

  private fail(error: unknown): void {
    this.problem = error instanceof PackError ? error.code : "engine";
    this.changed();
  }

  private assemble(): void {
    const { ready, gallery } = this;
    if (ready !== null && gallery?.pack === ready.pack.id) {
      if (this.current !== null && this.current.engine !== ready.engine) this.current.engine.stop();
      this.current = { ...ready, gallery };
    }
    this.changed();
  }

  /** With an empty gallery every teacher would be a stranger: then the kiosk looks at nobody. */
  get knowsAnybody(): boolean {
    return (this.current?.gallery.people.length ?? 0) > 0;
  }

  /** Why nobody can be recognised now: null while it can be, or while it is merely being prepared. */
  get obstacle(): NotReadyReason | null {
    if (this.current !== null) return null;
    return this.problem ?? (this.ready !== null && this.gallery === null ? "gallery" : null);
  }
}
