import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import { openDatabase, type Database } from "../store/database";
import { countFailure, countUnsent, forgetSent, nextBatch, recentOf, tidyRecent, writeRecord } from "./outbox";

const FIVE_MINUTES = 300_000;
let database: Database;
let count = 0;

beforeEach(async () => {
  count += 1;
  database = await openDatabase(`outbox-${count}`);
});

async function write(...ids: string[]): Promise<void> {
  for (const id of ids) await writeRecord(database, { id, record: `{"id":"${id}"}`, recent: null });
}

const idsOf = async (most = 50) => (await nextBatch(database, most)).map((row) => row.id);

describe("outbox", () => {
  it("keeps the exact text and gives the oldest first", async () => {
    await write("a", "b", "c");
    const [first] = await nextBatch(database, 1);
    expect(first).toMatchObject({ id: "a", record: '{"id":"a"}' });
    expect(await idsOf()).toEqual(["a", "b", "c"]);
  });

  it("asks the browser for a durable transaction", async () => {
    const asked: unknown[] = [];
    const watched = new Proxy(database, {
      get(target, name) {
        if (name !== "transaction") return Reflect.get(target, name, target) as unknown;
        return (...words: Parameters<Database["transaction"]>) => (asked.push(words[2]), target.transaction(...words));
      },
    });
    await writeRecord(watched, { id: "a", record: "{}", recent: null });
    expect(asked).toEqual([{ durability: "strict" }]);
  });

  it("writes the record and the person's time together, or neither", async () => {
    const recent = { person: "siti", at: 1_000, time: "06.58" };
    await writeRecord(database, { id: "a", record: "{}", recent });
    await expect(writeRecord(database, { id: "a", record: "{}", recent: { ...recent, time: "07.30" } })).rejects.toThrow();
    expect(await recentOf(database, "siti", 1_000, FIVE_MINUTES)).toEqual(recent);
    expect(await countUnsent(database)).toBe(1);
  });

  it("forgets only what the server has", async () => {
    await write("a", "b", "c");
    await forgetSent(database, ["b", "never-heard-of"]);
    expect(await idsOf()).toEqual(["a", "c"]);
  });

  it("puts what came back without a receipt behind the others", async () => {
    await write("bad", "b", "c");
    await countFailure(database, ["bad"]);
    expect(await idsOf()).toEqual(["b", "c", "bad"]);
    expect(await idsOf(2)).toEqual(["b", "c"]);
  });

  it("survives a restart of the page", async () => {
    await write("a");
    database.close();
    database = await openDatabase(`outbox-${count}`);
    expect(await idsOf()).toEqual(["a"]);
  });
});

describe("recent", () => {
  beforeEach(() => writeRecord(database, { id: "a", record: "{}", recent: { person: "siti", at: 1_000_000, time: "06.54" } }));

  it.each([
    ["a minute later", 1_060_000, true],
    ["just before five minutes", 1_299_999, true],
    ["after five minutes", 1_300_000, false],
    ["a clock that was set back a little", 990_000, true],
    ["a clock that was set back by an hour", 1_000_000 - 3_600_000, false],
  ])("%s", async (_name, now, found) => {
    expect((await recentOf(database, "siti", now, FIVE_MINUTES)) !== null).toBe(found);
  });

  it("knows nothing of others", async () => {
    expect(await recentOf(database, "hasan", 1_000_000, FIVE_MINUTES)).toBeNull();
  });

  it("is tidied without touching the outbox", async () => {
    await tidyRecent(database, 2_000_000, FIVE_MINUTES);
    expect(await database.count("recent")).toBe(0);
    expect(await countUnsent(database)).toBe(1);
  });
});
