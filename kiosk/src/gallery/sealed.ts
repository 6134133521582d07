/** What is read only here: sealed with a key that the browser makes and never gives out. */
import type { Database } from "../store/database";

const KEY = "gallery";
const ALGORITHM = { name: "AES-GCM", length: 256 } as const;

async function keyOf(database: Database): Promise<CryptoKey> {
  const kept = await database.get("keys", KEY);
  if (kept !== undefined) return kept;
  const made = await crypto.subtle.generateKey(ALGORITHM, false, ["encrypt", "decrypt"]);
  await database.put("keys", made, KEY);
  return made;
}

/** The name is bound in, so that one sealed thing cannot be put in the place of another. */
function binding(name: string, iv: Uint8Array<ArrayBuffer>): AesGcmParams {
  return { name: ALGORITHM.name, iv, additionalData: new TextEncoder().encode(name) };
}

export async function seal(database: Database, name: string, value: unknown): Promise<void> {
  const key = await keyOf(database);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt(binding(name, iv), key, new TextEncoder().encode(JSON.stringify(value)));
  await database.put("sealed", { iv, data }, name);
}

/** Null when there is nothing, or nothing that this browser's key opens: then it is fetched again. */
export async function unseal(database: Database, name: string): Promise<unknown> {
  const row = await database.get("sealed", name);
  if (row === undefined) return null;
  try {
    const plain = await crypto.subtle.decrypt(binding(name, row.iv), await keyOf(database), row.data);
    return JSON.parse(new TextDecoder().decode(plain)) as unknown;
  } catch {
    await database.delete("sealed", name);
    return null;
  }
}

export async function discard(database: Database, name: string): Promise<void> {
  await database.delete("sealed", name);
}
