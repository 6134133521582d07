/** Records that the server has not acknowledged yet. Nothing but its receipt takes a record out of here. */
import type { Database, OutboxRow, RecentRow } from "../store/database";

export interface NewRecord {
  readonly id: string;
  readonly record: string;
  /** The person's latest time, kept in the same transaction; null for an unknown face. */
  readonly recent: RecentRow | null;
}

/** Write the record. When this resolves it is on the disk, and only then may the screen say so. */
export async function writeRecord(database: Database, { id, record, recent }: NewRecord): Promise<void> {
  const writing = database.transaction(["outbox", "recent"], "readwrite", { durability: "strict" });
  const steps: Promise<unknown>[] = [writing.objectStore("outbox").add({ id, record, failures: 0 }), writing.done];
  if (recent !== null) steps.push(writing.objectStore("recent").put(recent));
  await Promise.all(steps);
}

export function countUnsent(database: Database): Promise<number> {
  return database.count("outbox");
}

/**
 * The next records to send: oldest first, but those that came back without a receipt wait behind the others, so that one
 * bad record cannot hold up a school.
 */
export async function nextBatch(database: Database, most: number): Promise<OutboxRow[]> {
  const rows = await database.getAll("outbox");
  return rows.sort((left, right) => left.failures - right.failures || (left.seq ?? 0) - (right.seq ?? 0)).slice(0, most);
}

/** The server has these for good. */
export async function forgetSent(database: Database, ids: readonly string[]): Promise<void> {
  const writing = database.transaction("outbox", "readwrite");
  for (const id of ids) {
    const key = await writing.store.index("id").getKey(id);
    if (key !== undefined) await writing.store.delete(key);
  }
  await writing.done;
}

/** These came back without a receipt: they stay, behind the others. */
export async function countFailure(database: Database, ids: readonly string[]): Promise<void> {
  const writing = database.transaction("outbox", "readwrite");
  for (const id of ids) {
    const row = await writing.store.index("id").get(id);
    if (row !== undefined) await writing.store.put({ ...row, failures: row.failures + 1 });
  }
  await writing.done;
}

/** The person's record of the last minutes, if there is one. A clock that was set back does not make it older. */
export async function recentOf(database: Database, person: string, now: number, withinMs: number): Promise<RecentRow | null> {
  const row = await database.get("recent", person);
  return row !== undefined && Math.abs(now - row.at) < withinMs ? row : null;
}

/** Drop what is too old to matter, so that the list stays short for years. */
export async function tidyRecent(database: Database, now: number, withinMs: number): Promise<void> {
  const writing = database.transaction("recent", "readwrite");
  for (const row of await writing.store.getAll()) {
    if (Math.abs(now - row.at) >= withinMs) await writing.store.delete(row.person);
  }
  await writing.done;
}
