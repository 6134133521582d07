import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import { openDatabase, type Database } from "../store/database";
import { personOf, readVector, type SentGallery } from "./gallery";
import { discard, seal, unseal } from "./sealed";
import { forgetGallery, keepGallery, loadGallery } from "./store";

let database: Database;
let count = 0;
beforeEach(async () => {
  count += 1;
  database = await openDatabase(`gallery-${count}`);
});

function base64Of(...values: number[]): string {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, index) => view.setFloat32(index * 4, value, true));
  return btoa(String.fromCharCode(...new Uint8Array(view.buffer)));
}

function sent(version: string, ...names: string[]): SentGallery {
  const people = names.map((name) => ({ id: name, name, salutation: "Ibu", templates: [base64Of(0.6, 0.8)] }));
  return { version, pack: "open-1-12345678", people };
}

describe("templates", () => {
  it("are read as little-endian float32", () => {
    expect([...readVector("AACAPwAAAMA=")]).toEqual([1, -2]);
    expect([...readVector("")]).toEqual([]);
  });
});

describe("gallery", () => {
  it("comes back as it was kept, without the server", async () => {
    await keepGallery(database, sent("1", "siti", "hasan"));
    database.close();
    database = await openDatabase(`gallery-${count}`);
    const gallery = await loadGallery(database);
    expect(gallery?.version).toBe("1");
    expect(gallery?.people.map((person) => person.name)).toEqual(["siti", "hasan"]);
    expect(personOf(gallery!, "siti")?.templates[0]?.[0]).toBeCloseTo(0.6);
  });

  it("forgets people who are no longer there", async () => {
    await keepGallery(database, sent("1", "siti", "hasan"));
    await keepGallery(database, sent("2", "hasan"));
    expect((await loadGallery(database))?.people.map((person) => person.id)).toEqual(["hasan"]);
  });

  it("is gone after the kiosk was ended", async () => {
    await keepGallery(database, sent("1", "siti"));
    await forgetGallery(database);
    expect(await loadGallery(database)).toBeNull();
  });
});

describe("what is kept", () => {
  it("cannot be read from the disk, and its key cannot be taken out", async () => {
    await keepGallery(database, sent("1", "Siti Rofi'ah"));
    const row = await database.get("sealed", "gallery");
    expect(new TextDecoder().decode(row?.data)).not.toContain("Siti");
    const key = (await database.getAll("keys"))[0]!;
    expect(key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey("raw", key)).rejects.toThrow();
  });

  it("is sealed anew each time", async () => {
    await seal(database, "a", 1);
    const first = (await database.get("sealed", "a"))!.iv;
    await seal(database, "a", 1);
    expect((await database.get("sealed", "a"))!.iv).not.toEqual(first);
  });

  it("opens under its own name only", async () => {
    await seal(database, "a", { secret: 1 });
    await database.put("sealed", (await database.get("sealed", "a"))!, "b");
    expect(await unseal(database, "b")).toBeNull();
    expect(await unseal(database, "a")).toEqual({ secret: 1 });
  });

  it("is fetched again, not mourned, when the key is lost or the bytes are damaged", async () => {
    await keepGallery(database, sent("1", "siti"));
    await database.clear("keys");
    expect(await loadGallery(database)).toBeNull();
    await keepGallery(database, sent("1", "siti"));
    expect(await loadGallery(database)).not.toBeNull();
  });

  it("is nothing where nothing was kept", async () => {
    expect(await unseal(database, "never")).toBeNull();
    await expect(discard(database, "never")).resolves.toBeUndefined();
  });
});
