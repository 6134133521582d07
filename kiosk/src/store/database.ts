/**
 * The kiosk's memory: one IndexedDB for everything that must outlive the page.
 *
 * The outbox lies open and the gallery is sealed, on purpose. The gallery holds names and templates and can be fetched
 * again, so it is sealed with a key that no script can read out; when that key is lost, nothing is lost. An unsent record
 * exists nowhere else. It holds no face and no name, only ids, times and similarities, so it is worth more readable than
 * hidden: a lost key must never cost a teacher a morning.
 */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";

export interface OutboxRow {
  /** Order of writing; given by the database. */
  readonly seq?: number;
  readonly id: string;
  /** The exact text that the server gets. */
  readonly record: string;
  /** Uploads that came back without a receipt for this record. */
  readonly failures: number;
}

/** The last record of a person, for "sudah tercatat". */
export interface RecentRow {
  readonly person: string;
  readonly at: number;
  /** The time as it was shown, "06.58". */
  readonly time: string;
}

export interface SealedRow {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

interface Schema extends DBSchema {
  outbox: { key: number; value: OutboxRow; indexes: { id: string } };
  recent: { key: string; value: RecentRow };
  /** The kiosk's own facts by name: token, last greeting. */
  facts: { key: string; value: unknown };
  sealed: { key: string; value: SealedRow };
  keys: { key: string; value: CryptoKey };
}

export type Database = IDBPDatabase<Schema>;

export function openDatabase(name = "hadir-kios"): Promise<Database> {
  return openDB<Schema>(name, 1, {
    upgrade(database) {
      const outbox = database.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
      outbox.createIndex("id", "id", { unique: true });
      database.createObjectStore("recent", { keyPath: "person" });
      for (const name of ["facts", "sealed", "keys"] as const) database.createObjectStore(name);
    },
  });
}
