/** Keeps the kiosk and the server in step, for as long as the page lives and whatever the network does. */
import { keepGallery, forgetGallery } from "../gallery/store";
import type { Gallery } from "../gallery/gallery";
import { countUnsent } from "../outbox/outbox";
import type { Database } from "../store/database";
import { delayAfter } from "./backoff";
import { ApiError, type Greeting, type KioskApi } from "./client";
import { keepGreeting } from "./identity";
import { Uploader } from "./uploader";

const HELLO_MS = 30_000;

export interface SyncEvents {
  /** The server answered: names, zone, pack. Also called when nothing changed. */
  readonly greeted: (greeting: Greeting) => void;
  readonly galleryChanged: (gallery: Gallery) => void;
  readonly lineChanged: (line: { online: boolean; unsent: number }) => void;
  /** The office has ended this kiosk; what is unsent is still sent. */
  readonly cut: (code: string) => void;
}

export class Sync {
  private readonly uploader: Uploader;
  private online = true;
  private sending = false;
  private helloFailures = 0;
  private sendFailures = 0;
  private helloTimer: ReturnType<typeof setTimeout> | undefined;
  private sendTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly database: Database,
    private readonly api: KioskApi,
    private readonly version: string,
    private readonly events: SyncEvents,
    private galleryVersion: string | null,
  ) {
    this.uploader = new Uploader(database, api);
  }

  start(): void {
    globalThis.addEventListener("online", () => void this.hello());
    void this.hello();
    this.wake();
  }

  /** There is something to send, or reason to believe that it can be sent now. */
  wake(): void {
    clearTimeout(this.sendTimer);
    void this.drain();
  }

  private async hello(): Promise<void> {
    clearTimeout(this.helloTimer);
    try {
      const greeting = await this.api.hello(await countUnsent(this.database), this.version);
      this.helloFailures = 0;
      await keepGreeting(this.database, greeting);
      await this.setOnline(true);
      this.events.greeted(greeting);
      await this.refreshGallery(greeting.gallery_version);
    } catch (error) {
      this.helloFailures += 1;
      await this.failed(error);
    }
    const wait = this.helloFailures === 0 ? HELLO_MS : Math.min(HELLO_MS, delayAfter(this.helloFailures, Math.random()));
    this.helloTimer = setTimeout(() => void this.hello(), wait);
  }

  private async refreshGallery(version: string): Promise<void> {
    if (version === this.galleryVersion) return;
    const sent = await this.api.gallery(this.galleryVersion);
    if (sent === null) return;
    const gallery = await keepGallery(this.database, sent);
    this.galleryVersion = gallery.version;
    this.events.galleryChanged(gallery);
  }

  private async failed(error: unknown): Promise<void> {
    if (!(error instanceof ApiError)) throw error;
    if (error.isCut) {
      await forgetGallery(this.database);
      this.galleryVersion = null;
      this.events.cut(error.code);
    } else {
      await this.setOnline(false);
    }
  }

  /** Send until the outbox is empty or the server stops answering; then try again after a growing pause. */
  private async drain(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      while (await this.uploader.sendBatch()) {
        this.sendFailures = 0;
        await this.setOnline(true);
      }
    } catch (error) {
      this.sendFailures += 1;
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 0 || error.status >= 500) await this.setOnline(false);
      this.sendTimer = setTimeout(() => this.wake(), delayAfter(this.sendFailures, Math.random()));
    } finally {
      this.sending = false;
      await this.tell();
    }
  }

  private async setOnline(online: boolean): Promise<void> {
    const back = online && !this.online;
    this.online = online;
    if (back) this.wake();
    await this.tell();
  }

  private async tell(): Promise<void> {
    this.events.lineChanged({ online: this.online, unsent: await countUnsent(this.database) });
  }
}
