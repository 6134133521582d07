import type { Database } from "../store/database";
import { readGallery, type Gallery, type SentGallery } from "./gallery";
import { discard, seal, unseal } from "./sealed";

const NAME = "gallery";

/** Keep the gallery as the server sent it. It replaces the old one whole, so people who left are gone from here. */
export async function keepGallery(database: Database, sent: SentGallery): Promise<Gallery> {
  await seal(database, NAME, sent);
  return readGallery(sent);
}

export async function loadGallery(database: Database): Promise<Gallery | null> {
  const sent = (await unseal(database, NAME)) as SentGallery | null;
  return sent === null ? null : readGallery(sent);
}

/** For a kiosk that was revoked: faces and names go, records stay. */
export function forgetGallery(database: Database): Promise<void> {
  return discard(database, NAME);
}
