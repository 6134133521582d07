/** The kiosk's loop: newest picture -> look -> decide -> write -> show. One step at a time, nothing queues. */
import { Frames } from "../camera/frames";
import { POLICY } from "../decide/policy";
import type { Finding } from "../decide/series";
import { advance, newSession, type Action, type Event, type Session } from "../decide/session";
import { personOf } from "../gallery/gallery";
import { recentOf, tidyRecent, writeRecord } from "../outbox/outbox";
import { recordText, type Source } from "../outbox/record";
import type { Database } from "../store/database";
import { clockTime } from "../ui/clock";
import type { Equipment, Outfitter } from "./equipment";
import { Pace } from "./pace";
import type { Picture } from "./picture";

const IDLE_MS = 200;
const STORAGE_PAUSE_MS = 5_000;

export interface WatcherEvents {
  /** The session changed: show it. */
  readonly stepped: () => void;
  /** A record is on the disk: it can be sent. */
  readonly written: () => void;
  readonly storageFailed: () => void;
}

export class Watcher {
  session: Session = newSession();
  readonly pace = new Pace();
  private readonly frames: Frames;
  private storagePauseUntil = 0;

  constructor(
    private readonly database: Database,
    private readonly outfitter: Outfitter,
    private readonly picture: Picture,
    private readonly source: () => Omit<Source, "pack" | "source">,
    private readonly events: WatcherEvents,
  ) {
    this.frames = new Frames(picture.video);
  }

  async run(): Promise<never> {
    for (;;) {
      const equipment = this.outfitter.current;
      if (equipment === null || !this.canLook()) await pause(IDLE_MS);
      else await this.look(equipment);
    }
  }

  /** Somebody at the kiosk would be disturbed by a reload now. */
  get isIdle(): boolean {
    return this.session.shown.kind === "looking" && performance.now() - this.session.presentAt > 10_000;
  }

  private canLook(): boolean {
    return this.outfitter.knowsAnybody && this.picture.live && !document.hidden && performance.now() >= this.storagePauseUntil;
  }

  private async look(equipment: Equipment): Promise<void> {
    try {
      const frame = await this.frames.next();
      const sight = await equipment.engine.track(frame);
      this.pace.looked(sight.milliseconds);
      const action = this.step({ kind: "frame", at: performance.now(), frame: sight }, equipment);
      if (action?.kind === "embed") await this.embed(equipment, sight.main?.quality ?? {});
    } catch {
      // The video may have been taken away between two frames; a live one means that the engine broke.
      if (this.picture.live && this.outfitter.current === equipment) this.outfitter.restart();
      this.session = newSession();
      await pause(IDLE_MS);
    }
  }

  private async embed(equipment: Equipment, quality: Readonly<Record<string, number>>): Promise<void> {
    const { embedding, milliseconds } = await equipment.engine.embed();
    this.pace.embedded(milliseconds);
    const action = this.step({ kind: "embedding", at: performance.now(), embedding, quality }, equipment);
    if (action?.kind === "record") await this.record(action.finding, equipment);
  }

  private step(event: Event, { pack, gallery }: Equipment): Action | null {
    const setting = { gates: pack.gates.scan, thresholds: pack.thresholds, gallery, policy: POLICY };
    const { session, action } = advance(this.session, event, setting);
    this.session = session;
    this.events.stepped();
    return action;
  }

  /** Write first, then say so. The time of a record is the first good look, not the end of the thinking. */
  private async record(finding: Finding, equipment: Equipment): Promise<void> {
    const at = new Date(Date.now() - (performance.now() - finding.firstSeenAt));
    try {
      const event = finding.verdict === "recognised" ? await this.recordPerson(finding, at, equipment) : await this.recordUnknown(finding, at, equipment);
      this.step(event, equipment);
    } catch {
      this.step({ kind: "not-written", at: performance.now() }, equipment);
      this.storagePauseUntil = performance.now() + STORAGE_PAUSE_MS;
      this.events.storageFailed();
    }
  }

  private async recordPerson(finding: Finding, at: Date, equipment: Equipment): Promise<Event> {
    const person = personOf(equipment.gallery, finding.person ?? "")?.id ?? "";
    const earlier = await recentOf(this.database, person, at.getTime(), POLICY.againMs);
    if (earlier !== null) return { kind: "already", at: performance.now(), finding, person, time: earlier.time };
    const time = clockTime(at, this.source().timeZone);
    await this.write(finding, at, equipment, { person, at: at.getTime(), time });
    await tidyRecent(this.database, at.getTime(), POLICY.againMs);
    return { kind: "recorded", at: performance.now(), finding, person, time };
  }

  private async recordUnknown(finding: Finding, at: Date, equipment: Equipment): Promise<Event> {
    await this.write(finding, at, equipment, null);
    return { kind: "noted-unknown", at: performance.now(), finding };
  }

  private async write(finding: Finding, at: Date, { pack }: Equipment, recent: Parameters<typeof writeRecord>[1]["recent"]) {
    const id = crypto.randomUUID();
    const record = recordText(id, finding, at, { ...this.source(), pack: pack.id, source: this.picture.source });
    await writeRecord(this.database, { id, record, recent });
    this.events.written();
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
