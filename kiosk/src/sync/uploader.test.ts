import "fake-indexeddb/auto";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { nextBatch, writeRecord } from "../outbox/outbox";
import { openDatabase, type Database } from "../store/database";
import { delayAfter } from "./backoff";
import { ApiError, type Receipt } from "./client";
import { Uploader } from "./uploader";

let database: Database;
let count = 0;
beforeEach(async () => {
  count += 1;
  database = await openDatabase(`uploader-${count}`);
});

async function fill(...ids: string[]): Promise<void> {
  for (const id of ids) await writeRecord(database, { id, record: `{"id":"${id}"}`, recent: null });
}
const left = async () => (await nextBatch(database, 1_000)).map((row) => row.id);
const receipt = (id: string, status: Receipt["status"] = "stored"): Receipt => ({ id, status, code: "", detail: "" });

/** A server that answers by a function, and remembers the sizes of the batches. */
function serverOf(answer: (ids: string[]) => Receipt[]) {
  const batches: string[][] = [];
  const send = (scans: readonly { id: string }[]) => {
    const ids = scans.map((scan) => scan.id);
    batches.push(ids);
    return new Promise<Receipt[]>((resolve) => resolve(answer(ids)));
  };
  return { batches, send };
}

async function drain(uploader: Uploader, tries = 50): Promise<void> {
  for (let turn = 0; turn < tries; turn += 1) {
    const more = await uploader.sendBatch().catch(() => true);
    if (!more) return;
  }
}

describe("upload", () => {
  it("sends the oldest first, at most fifty at once, and forgets what is acknowledged", async () => {
    const ids = Array.from({ length: 120 }, (_, index) => `r${String(index).padStart(3, "0")}`);
    await fill(...ids);
    const server = serverOf((batch) => batch.map((id) => receipt(id)));
    await drain(new Uploader(database, server));
    expect(server.batches.map((batch) => batch.length)).toEqual([50, 50, 20]);
    expect(server.batches.flat()).toEqual(ids);
    expect(await left()).toEqual([]);
  });

  it.each(["stored", "known", "held"] as const)("%s is safe with the server", async (status) => {
    await fill("a");
    await drain(new Uploader(database, serverOf((batch) => batch.map((id) => receipt(id, status)))));
    expect(await left()).toEqual([]);
  });

  it("keeps a record that got no receipt, or one with a word it does not know", async () => {
    await fill("a", "b", "c");
    const strange = { ...receipt("b"), status: "eaten" as Receipt["status"] };
    const uploader = new Uploader(database, serverOf(() => [receipt("a"), strange]));
    await expect(uploader.sendBatch()).rejects.toMatchObject({ code: "no_receipt" });
    expect(await left()).toEqual(["b", "c"]);
  });

  it("ignores receipts for records it did not send", async () => {
    await fill("a", "b");
    const uploader = new Uploader(database, serverOf((batch) => [...batch.map((id) => receipt(id)), receipt("other")]));
    await uploader.sendBatch();
    expect(await left()).toEqual([]);
  });

  it.each([
    [0, "offline"],
    [401, "token_unknown"],
    [403, "device_revoked"],
    [413, "body_too_large"],
    [429, "too_many_requests"],
    [500, "server_error"],
  ])("keeps everything after %i %s", async (status, code) => {
    await fill("a", "b");
    const uploader = new Uploader(database, serverOf(() => { throw new ApiError(code, status); }));
    await drain(uploader, 20);
    expect((await left()).sort()).toEqual(["a", "b"]);
  });

  it("lets one record that is refused block nobody", async () => {
    await fill("poison", "a", "b", "c", "d");
    const server = serverOf((batch) => {
      if (batch.includes("poison")) throw new ApiError("invalid_request", 422);
      return batch.map((id) => receipt(id));
    });
    await drain(new Uploader(database, server));
    expect(await left()).toEqual(["poison"]);
  });

  it("sends what was refused again, once the server has learnt", async () => {
    await fill("poison", "a");
    let strict = true;
    const server = serverOf((batch) => {
      if (strict && batch.includes("poison")) throw new ApiError("invalid_request", 422);
      return batch.map((id) => receipt(id));
    });
    const uploader = new Uploader(database, server);
    await drain(uploader);
    strict = false;
    await drain(uploader);
    expect(await left()).toEqual([]);
  });

  it("loses nothing and repeats nothing that was acknowledged, whatever the server does", async () => {
    const moods = fc.array(fc.constantFrom("all", "half", "none", "refuse", "down"), { minLength: 1, maxLength: 12 });
    await fc.assert(fc.asyncProperty(moods, fc.integer({ min: 1, max: 20 }), async (script, size) => {
      database = await openDatabase(`property-${(count += 1)}`);
      const ids = Array.from({ length: size }, (_, index) => `r${index}`);
      await fill(...ids);
      const have = new Set<string>();
      const turns = [...script];
      const server = serverOf((batch) => {
        const mood = turns.shift() ?? "all";
        if (mood === "down") throw new ApiError("offline", 0);
        if (mood === "refuse") throw new ApiError("invalid_request", 422);
        const taken = mood === "none" ? [] : mood === "half" ? batch.filter((_, index) => index % 2 === 0) : batch;
        for (const id of taken) expect(have.has(id)).toBe(false);
        taken.forEach((id) => have.add(id));
        return taken.map((id) => receipt(id));
      });
      await drain(new Uploader(database, server), 200);
      expect([...have].sort()).toEqual([...ids].sort());
      expect(await left()).toEqual([]);
    }), { numRuns: 30 });
  });
});

describe("waiting", () => {
  it("grows, stays under a minute, and never lets all kiosks come at once", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
      const delay = delayAfter(failures, random);
      expect(delay).toBeGreaterThanOrEqual(1_000);
      expect(delay).toBeLessThanOrEqual(60_000);
      expect(delayAfter(failures + 1, random)).toBeGreaterThanOrEqual(delay);
    }));
    expect(delayAfter(3, 0)).not.toBe(delayAfter(3, 1));
  });
});
