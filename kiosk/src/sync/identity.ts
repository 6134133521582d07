/** Who this kiosk is: the token from its one-time link, and the server's last greeting for starts without network. */
import type { Database } from "../store/database";
import { KioskApi, type Activation, type Greeting } from "./client";

const ACTIVATION = "activation";
const GREETING = "greeting";

/** The one-time code in the link's fragment, which no server and no log has seen; it is taken off the address at once. */
export function takeCode(place: Location, past: History): string | null {
  const code = new URLSearchParams(place.hash.slice(1)).get("kode");
  if (code !== null) past.replaceState(null, "", place.pathname + place.search);
  return code;
}

export async function activate(database: Database, code: string, version: string): Promise<Activation> {
  const activation = await new KioskApi(null).activate(code, version);
  const writing = database.transaction("facts", "readwrite", { durability: "strict" });
  // Names and zone of another office's kiosk must not be shown after a new link.
  await Promise.all([writing.store.put(activation, ACTIVATION), writing.store.delete(GREETING), writing.done]);
  return activation;
}

export async function loadActivation(database: Database): Promise<Activation | null> {
  return ((await database.get("facts", ACTIVATION)) as Activation | undefined) ?? null;
}

export async function keepGreeting(database: Database, greeting: Greeting): Promise<void> {
  await database.put("facts", greeting, GREETING);
}

export async function loadGreeting(database: Database): Promise<Greeting | null> {
  return ((await database.get("facts", GREETING)) as Greeting | undefined) ?? null;
}
