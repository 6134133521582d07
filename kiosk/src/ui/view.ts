/** What the screen looks like in each state, as plain values: the measure is the table of states in the look. */
import type { Shown } from "../decide/session";
import type { CameraTrouble } from "../camera/camera";
import type { IconName } from "./icons";
import type { Words } from "./words/id";

export type InactiveReason = Exclude<keyof Words["inactive"], "headline">;
export type NotReadyReason = Exclude<keyof Words["notReady"], "headline">;

/** Everything the kiosk can be in. */
export type Scene =
  | Shown
  | { readonly kind: "starting" }
  | { readonly kind: "inactive"; readonly reason: InactiveReason }
  | { readonly kind: "not-ready"; readonly reason: NotReadyReason }
  | { readonly kind: "no-camera"; readonly trouble: CameraTrouble };

/** What the words of a scene are about. */
export interface About {
  readonly name: string;
  readonly salutation: string;
  readonly school: string;
  readonly dayPart: keyof Words["dayParts"];
  readonly online: boolean;
}

export interface View {
  readonly state: Scene["kind"];
  readonly ground: "white" | "green" | "pale" | "yellow";
  readonly icon: IconName;
  readonly shape: "circle" | "square" | "disc" | "ring";
  readonly headline: string;
  readonly time: string;
  readonly name: string;
  readonly line: string;
  /** Good frames so far, of three; null where none are counted. */
  readonly bars: number | null;
  readonly attempt: number | null;
  readonly oval: "dashed" | "filling" | "whole";
  readonly arrows: boolean;
  readonly clock: boolean;
}

export const BARS = 3;
export const TRIES = 3;

const PLAIN = {
  ground: "white",
  shape: "circle",
  time: "",
  name: "",
  bars: null,
  attempt: null,
  oval: "dashed",
  arrows: false,
  clock: true,
} as const satisfies Partial<View>;

const YELLOW = { ...PLAIN, ground: "yellow", shape: "square", clock: false } as const satisfies Partial<View>;

const GUIDING_ICONS = {
  looking: "user-scan",
  closer: "zoom-in",
  dark: "bulb",
  backlit: "bulb",
  turn: "face-id",
  several: "users",
} as const satisfies Record<string, IconName>;

type Guiding = keyof typeof GUIDING_ICONS;

function isGuiding(kind: Scene["kind"]): kind is Guiding {
  return kind in GUIDING_ICONS;
}

export function viewOf(scene: Scene, words: Words, about: About): View {
  const state = scene.kind;
  if (isGuiding(state)) return { ...PLAIN, ...words[state], state, icon: GUIDING_ICONS[state], arrows: state === "closer" };
  switch (scene.kind) {
    case "hold":
      return { ...PLAIN, ...words.hold, state, icon: "hand-stop", bars: scene.frames, oval: "filling" };
    case "recorded":
    case "already":
      return { ...answered(scene.kind, words, about), state, time: scene.time, name: about.name };
    case "unknown":
      return { ...YELLOW, ...words.unknown, state, icon: "refresh", attempt: scene.attempt };
    default:
      return { ...stopped(scene, words), state };
  }
}

/** Nothing is being looked for: the kiosk starts, or needs somebody. */
function stopped(scene: Scene, words: Words): Omit<View, "state"> {
  switch (scene.kind) {
    case "inactive":
      return { ...YELLOW, icon: "link", headline: words.inactive.headline, line: words.inactive[scene.reason] };
    case "not-ready":
      return { ...YELLOW, icon: "tool", headline: words.notReady.headline, line: words.notReady[scene.reason] };
    case "no-camera":
      return { ...YELLOW, icon: "camera-off", headline: words.noCamera.headline, line: words.noCamera[scene.trouble] };
    case "other-way":
      return { ...YELLOW, ...words.otherWay, icon: "users" };
    default:
      return { ...PLAIN, ...words.starting, icon: "hourglass", clock: false };
  }
}

function answered(kind: "recorded" | "already", words: Words, about: About): Omit<View, "state" | "time" | "name"> {
  const common = { ...PLAIN, oval: "whole", clock: false } as const;
  if (kind === "already") {
    const line = `${words.already.line}\n${words.goodWorkTo(about.salutation)}`;
    return { ...common, ground: "pale", shape: "ring", icon: "checks", headline: words.already.headline, line };
  }
  const greeting = words.greeting(words.dayParts[about.dayPart], about.salutation);
  const line = `${greeting} ${about.online ? words.goodWork(about.school) : words.recorded.offline}`;
  return { ...common, ground: "green", shape: "disc", icon: "check", headline: words.recorded.headline, line };
}
