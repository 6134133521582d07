/**
 * The kiosk's conversation with the people before it, as a pure function: what it shows and asks for next, given what it
 * showed and what happened. No clock, camera, store or screen in here; times are milliseconds of one monotonic clock.
 */
import type { Gallery } from "../gallery/gallery";
import { advise, isPresent, type Advice, type FrameFacts, type Gates, type Quality } from "./gates";
import type { Thresholds } from "./match";
import type { Policy } from "./policy";
import { extend, judge, sameFace, type Finding, type Glance } from "./series";
import { follow, type Track } from "./track";

/** What the screen says. `until` ends an answer by itself. */
export type Shown =
  | { readonly kind: "looking" }
  | { readonly kind: Exclude<Advice, "still"> }
  | { readonly kind: "hold"; readonly frames: number }
  | { readonly kind: "recorded" | "already"; readonly person: string; readonly time: string; readonly until: number }
  | { readonly kind: "unknown"; readonly attempt: number; readonly until: number }
  | { readonly kind: "other-way" };

/** A face that has been answered: it is left in peace until it goes or another takes its place. */
interface Settled {
  readonly face: Float32Array;
  readonly doubts: number;
  readonly checkedAt: number;
}

/** Failed tries of one face. */
interface Tries {
  readonly face: Float32Array;
  readonly count: number;
}

export interface Session {
  readonly shown: Shown;
  readonly track: Track | null;
  readonly presentAt: number;
  readonly series: readonly Glance[];
  readonly settled: Settled | null;
  readonly tries: Tries | null;
  /** What is being worked on outside: an embedding, or the writing of a record. */
  readonly pending: "embedding" | "record" | null;
  readonly advice: { readonly kind: Shown["kind"]; readonly since: number } | null;
}

export interface Setting {
  readonly gates: Gates;
  readonly thresholds: Thresholds;
  readonly gallery: Gallery;
  readonly policy: Policy;
}

export type Event =
  | { readonly kind: "frame"; readonly at: number; readonly frame: FrameFacts }
  | { readonly kind: "embedding"; readonly at: number; readonly embedding: Float32Array | null; readonly quality: Quality }
  | { readonly kind: "recorded" | "already"; readonly at: number; readonly finding: Finding; readonly person: string; readonly time: string }
  | { readonly kind: "noted-unknown"; readonly at: number; readonly finding: Finding }
  | { readonly kind: "not-written"; readonly at: number };

export type Action = { readonly kind: "embed" } | { readonly kind: "record"; readonly finding: Finding };

export interface Step {
  readonly session: Session;
  readonly action: Action | null;
}

export function newSession(): Session {
  return {
    shown: { kind: "looking" },
    track: null,
    presentAt: Number.NEGATIVE_INFINITY,
    series: [],
    settled: null,
    tries: null,
    pending: null,
    advice: null,
  };
}

export function advance(session: Session, event: Event, setting: Setting): Step {
  switch (event.kind) {
    case "frame":
      return onFrame(session, event.at, event.frame, setting);
    case "embedding":
      return onEmbedding({ ...session, pending: null }, event, setting);
    case "recorded":
    case "already":
      return still(onAnswer(session, event, setting));
    case "noted-unknown":
      return still(onUnknown(session, event, setting));
    case "not-written":
      return still({ ...session, pending: null, series: [], shown: { kind: "looking" } });
  }
}

function still(session: Session): Step {
  return { session, action: null };
}

/** An answer is on the screen and has the word. */
export function isAnswer(shown: Shown): boolean {
  return shown.kind === "recorded" || shown.kind === "already" || shown.kind === "unknown" || shown.kind === "other-way";
}

function onFrame(before: Session, at: number, frame: FrameFacts, setting: Setting): Step {
  const { policy, gates } = setting;
  const present = isPresent(frame, gates, policy);
  const session = expire(arrive(before, at, present ? frame : { ...frame, boxes: [] }, policy), at, policy);
  if (session.pending === "record") return still(session);
  if (!present) return still(isAnswer(session.shown) ? session : suggest(session, "looking", at, policy));
  const advice = advise(frame, gates, policy);
  if (session.settled !== null) return recheck(session, session.settled, advice, at, policy);
  if (advice !== null) return still(guide(session, advice, at, policy));
  return lookCloser({ ...session, shown: holding(session.series, policy), advice: null });
}

function holding(series: readonly Glance[], policy: Policy): Shown {
  return { kind: "hold", frames: Math.min(series.length, policy.framesNeeded) };
}

function lookCloser(session: Session): Step {
  if (session.pending !== null) return still(session);
  return { session: { ...session, pending: "embedding" }, action: { kind: "embed" } };
}

/** Follow the face; where the chain breaks or nobody was there, a new face has come and whatever was said ends at once. */
function arrive(session: Session, at: number, frame: FrameFacts, policy: Policy): Session {
  const track = follow(session.track, frame.boxes[0], at, policy.goneMs);
  const here = frame.boxes.length > 0 ? { ...session, track, presentAt: at } : { ...session, track };
  return track === null || track.id === session.track?.id ? here : startAnew(here);
}

function startAnew(session: Session): Session {
  const shown: Shown = isAnswer(session.shown) ? { kind: "looking" } : session.shown;
  return { ...session, shown, series: [], settled: null, advice: null };
}

/** End what time ends: answers, the face that went, and its tries. */
function expire(session: Session, at: number, policy: Policy): Session {
  const away = at - session.presentAt;
  let next = session;
  if (away >= policy.leftMs) next = { ...next, tries: null };
  if (away >= policy.goneMs) next = { ...next, series: [], settled: null };
  return isOver(next.shown, away, at, policy) ? afterAnswer(next) : next;
}

function isOver(shown: Shown, away: number, at: number, policy: Policy): boolean {
  if (shown.kind === "other-way") return away >= policy.leftMs;
  if (shown.kind === "unknown") return at >= shown.until || away >= policy.goneMs;
  return (shown.kind === "recorded" || shown.kind === "already") && at >= shown.until;
}

/** A recorded face stays settled; an unknown one may try again. */
function afterAnswer(session: Session): Session {
  const settled = session.shown.kind === "unknown" ? null : session.settled;
  return { ...session, shown: { kind: "looking" }, settled, series: [] };
}

/** While an answer stands, look now and then whether it is still the same face. */
function recheck(session: Session, settled: Settled, advice: Advice | null, at: number, policy: Policy): Step {
  const due = at - settled.checkedAt >= policy.recheckMs;
  if (advice !== null || !due) return still(session);
  return lookCloser({ ...session, settled: { ...settled, checkedAt: at } });
}

function guide(session: Session, advice: Advice, at: number, policy: Policy): Session {
  const series = advice === "several" ? [] : session.series;
  if (advice === "still") return { ...session, series, shown: holding(series, policy), advice: null };
  return suggest({ ...session, series }, advice, at, policy);
}

/** Change the words only when the same advice has held for a moment. */
function suggest(session: Session, kind: Exclude<Advice, "still"> | "looking", at: number, policy: Policy): Session {
  if (session.shown.kind === kind) return { ...session, advice: null };
  if (session.advice?.kind !== kind) return { ...session, advice: { kind, since: at } };
  return at - session.advice.since >= policy.steadyMs ? { ...session, shown: { kind }, advice: null } : session;
}

function onEmbedding(session: Session, event: Extract<Event, { kind: "embedding" }>, setting: Setting): Step {
  const { at, embedding, quality } = event;
  if (embedding === null || session.track === null) return still(session);
  const glance: Glance = { at, embedding, quality };
  if (session.settled !== null) return still(compare(session, session.settled, glance, setting));
  const series = extend(session.series, glance, setting.thresholds, setting.policy);
  const finding = judge(series, setting.gallery, setting.thresholds, setting.policy);
  const shown = holding(series, setting.policy);
  if (finding === null) return still({ ...session, series, shown, advice: null });
  return { session: { ...session, series, shown, pending: "record" }, action: { kind: "record", finding } };
}

/** Twice in a row another face: somebody took the place without the chain of frames breaking. */
function compare(session: Session, settled: Settled, glance: Glance, { thresholds }: Setting): Session {
  if (sameFace(settled.face, glance.embedding, thresholds)) {
    return settled.doubts === 0 ? session : { ...session, settled: { ...settled, doubts: 0 } };
  }
  if (settled.doubts === 0) return { ...session, settled: { ...settled, doubts: 1 } };
  return { ...startAnew(session), tries: null, series: [glance] };
}

function onAnswer(session: Session, event: Extract<Event, { kind: "recorded" | "already" }>, { policy }: Setting): Session {
  const { at, kind, person, time, finding } = event;
  const settled: Settled = { face: finding.face, doubts: 0, checkedAt: at };
  const shown: Shown = { kind, person, time, until: at + policy.recordedMs };
  return { ...session, shown, settled, series: [], tries: null, pending: null, advice: null };
}

/** Count the failed try for this face alone: nobody inherits a neighbour's. */
function onUnknown(session: Session, event: Extract<Event, { kind: "noted-unknown" }>, setting: Setting): Session {
  const { policy, thresholds } = setting;
  const { at } = event;
  const { face } = event.finding;
  const own = session.tries !== null && sameFace(session.tries.face, face, thresholds) ? session.tries.count : 0;
  const tries: Tries = { face, count: own + 1 };
  const settled: Settled = { face, doubts: 0, checkedAt: at };
  const shown: Shown =
    tries.count >= policy.triesPerFace
      ? { kind: "other-way" }
      : { kind: "unknown", attempt: tries.count, until: at + policy.unknownMs };
  return { ...session, shown, settled, tries, series: [], pending: null, advice: null };
}
