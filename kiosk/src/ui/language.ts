import { en } from "./words/en";
import { id, type Words } from "./words/id";

export type Language = "id" | "en";

export const WORDS: Readonly<Record<Language, Words>> = { id, en };
const KEPT_AS = "hadir-bahasa";

/** Indonesian unless somebody chose English on this device. */
export function chosenLanguage(): Language {
  return localStorage.getItem(KEPT_AS) === "en" ? "en" : "id";
}

export function chooseLanguage(language: Language): void {
  localStorage.setItem(KEPT_AS, language);
}
