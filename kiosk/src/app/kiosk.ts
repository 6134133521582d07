/** Puts the rooms together: who this kiosk is, what it needs, what it shows. */
import type { CameraTrouble } from "../camera/camera";
import type { Shown } from "../decide/session";
import { personOf, type Person } from "../gallery/gallery";
import { loadGallery } from "../gallery/store";
import type { Database } from "../store/database";
import { ApiError, KioskApi, type Activation, type Greeting } from "../sync/client";
import { activate, loadActivation, loadGreeting } from "../sync/identity";
import { Sync } from "../sync/sync";
import { SampleBar } from "../ui/samples";
import type { InactiveReason, Scene } from "../ui/view";
import { id as indonesian } from "../ui/words/id";
import { keepAwake, keepOffline } from "./device";
import { Outfitter } from "./equipment";
import { Picture } from "./picture";
import type { Presenter } from "./presenter";
import { Watcher } from "./watcher";

/** The kiosk that this browser is, or in words why it is none. */
export async function identify(database: Database, code: string | null, version: string): Promise<Activation | InactiveReason> {
  if (code === null) return (await loadActivation(database)) ?? "noLink";
  try {
    return await activate(database, code, version);
  } catch (error) {
    // A link that was opened a second time must not stop a kiosk that already works.
    const earlier = await loadActivation(database);
    if (earlier !== null) return earlier;
    const reason = error instanceof ApiError ? error.code : "server_error";
    return reason in indonesian.inactive && reason !== "headline" ? (reason as InactiveReason) : "server_error";
  }
}

export class Kiosk {
  private readonly outfitter = new Outfitter(() => this.refresh());
  private readonly picture: Picture;
  private readonly watcher: Watcher;
  private readonly samples: SampleBar;
  private trouble: CameraTrouble | null = null;
  private isCut = false;
  private sync: Sync | null = null;

  constructor(
    private readonly database: Database,
    private readonly activation: Activation,
    private readonly presenter: Presenter,
    private readonly version: string,
  ) {
    const { screen } = presenter;
    this.picture = new Picture(screen.video, (trouble) => this.onPicture(trouble));
    this.samples = new SampleBar(screen.get("samples"), this.picture);
    const source = () => ({ device: activation.device_id, timeZone: presenter.timeZone, app: version });
    this.watcher = new Watcher(database, this.outfitter, this.picture, source, {
      stepped: () => this.refresh(),
      written: () => this.sync?.wake(),
      storageFailed: () => presenter.show({ kind: "not-ready", reason: "space" }, null),
    });
  }

  /** Start from what is kept here, so that no network is needed; then keep in step with the server. */
  async start(): Promise<void> {
    const greeting = await loadGreeting(this.database);
    const gallery = await loadGallery(this.database);
    if (gallery !== null) this.outfitter.setGallery(gallery);
    if (greeting !== null) this.onGreeting(greeting);
    this.sync = new Sync(this.database, new KioskApi(this.activation.token), this.version, this, gallery?.version ?? null);
    this.sync.start();
    this.presenter.offerSound();
    keepAwake();
    void keepOffline(() => this.watcher.isIdle);
    void this.picture.useCamera();
    void this.watcher.run();
    setInterval(() => Object.assign(this.presenter.screen.root.dataset, this.watcher.pace.read()), 1_000);
  }

  greeted(greeting: Greeting): void {
    this.isCut = false;
    this.onGreeting(greeting);
  }

  galleryChanged(gallery: Parameters<Outfitter["setGallery"]>[0]): void {
    this.outfitter.setGallery(gallery);
  }

  lineChanged(line: { online: boolean; unsent: number }): void {
    this.presenter.setLine(line);
    if (!line.online) this.outfitter.missServer();
  }

  cut(): void {
    this.isCut = true;
    this.outfitter.setGallery(null);
  }

  private onGreeting(greeting: Greeting): void {
    const [school, ...others] = greeting.schools;
    const only = others.length === 0 ? (school?.name ?? "") : "";
    this.presenter.setPlace({ title: only || greeting.device.name, school: only, timeZone: greeting.time_zone });
    this.samples.offer(greeting.demo ? greeting.samples : null);
    this.outfitter.setPack(greeting.pack);
  }

  private onPicture(trouble: CameraTrouble | null): void {
    this.trouble = trouble;
    this.presenter.screen.root.dataset["source"] = this.picture.source;
    this.refresh();
  }

  private scene(): Scene {
    const obstacle = this.isCut ? "cut" : this.outfitter.obstacle;
    if (obstacle !== null) return { kind: "not-ready", reason: obstacle };
    if (this.outfitter.current === null) return { kind: "starting" };
    if (this.trouble !== null) return { kind: "no-camera", trouble: this.trouble };
    if (!this.outfitter.knowsAnybody) return { kind: "not-ready", reason: "nobody" };
    return this.picture.live ? this.watcher.session.shown : { kind: "starting" };
  }

  private personOf(shown: Scene | Shown): Person | null {
    const { current } = this.outfitter;
    return "person" in shown && current !== null ? personOf(current.gallery, shown.person) : null;
  }

  private refresh(): void {
    const scene = this.scene();
    this.presenter.show(scene, this.personOf(scene));
    this.samples.speak(this.presenter.words);
  }
}
