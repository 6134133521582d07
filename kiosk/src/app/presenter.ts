/** Says on the screen, in one language and the school's time, what the kiosk is doing. */
import type { Person } from "../gallery/gallery";
import { clockTime, dayPart, longDate } from "../ui/clock";
import { chooseLanguage, chosenLanguage, WORDS, type Language } from "../ui/language";
import { Screen, type Line } from "../ui/screen";
import { Sound } from "../ui/sound";
import { viewOf, type Scene } from "../ui/view";
import type { Words } from "../ui/words/id";

/** Where the kiosk stands. `school` is empty when it serves several: nobody is greeted with the wrong one. */
export interface Place {
  readonly title: string;
  readonly school: string;
  readonly timeZone: string;
}

const NOWHERE: Place = { title: "Hadir", school: "", timeZone: "Asia/Jakarta" };

export class Presenter {
  readonly screen: Screen;
  private readonly sound = new Sound();
  private language: Language = chosenLanguage();
  private scene: Scene = { kind: "starting" };
  private person: Person | null = null;
  private place = NOWHERE;
  private line: Line | null = null;

  constructor(root: HTMLElement) {
    this.screen = new Screen(root);
    this.applyLanguage();
    setInterval(() => this.tick(), 1000);
  }

  get words(): Words {
    return WORDS[this.language];
  }

  get timeZone(): string {
    return this.place.timeZone;
  }

  show(scene: Scene, person: Person | null): void {
    if (scene.kind !== this.scene.kind) this.sound.play(scene.kind);
    this.scene = scene;
    this.person = person;
    this.draw();
  }

  setPlace(place: Place): void {
    this.place = place;
    this.draw();
    this.tick();
  }

  setLine(line: Line): void {
    this.line = line;
    this.draw();
  }

  /** Sound needs one touch, once; any touch or key will do, and the button says so. */
  offerSound(): void {
    const enable = () => void this.sound.enable().then(() => this.screen.hideButton("sound"));
    enable();
    globalThis.addEventListener("pointerdown", enable, { once: true });
    globalThis.addEventListener("keydown", enable, { once: true });
    if (this.sound.isBlocked) this.screen.showButton("sound", "volume", this.words.sound, enable);
  }

  private draw(): void {
    const { name = "", salutation = "" } = this.person ?? {};
    const online = this.line?.online ?? true;
    const about = { name, salutation, online, school: this.place.school, dayPart: dayPart(new Date(), this.place.timeZone) };
    this.screen.show(viewOf(this.scene, this.words, about), this.person?.id ?? null, this.words);
    this.screen.showPlace(this.place.title);
    if (this.line !== null) this.screen.showLine(this.line, this.words);
  }

  private tick(): void {
    const now = new Date();
    this.screen.showTime(clockTime(now, this.place.timeZone), longDate(now, this.place.timeZone, this.language));
  }

  private applyLanguage(): void {
    document.documentElement.lang = this.language;
    const other: Language = this.language === "id" ? "en" : "id";
    this.screen.get("language").lang = other;
    this.screen.showButton("language", "language", this.words.otherLanguage, () => {
      this.language = other;
      chooseLanguage(other);
      this.applyLanguage();
      this.draw();
    });
    this.tick();
  }
}
