import type { Gates } from "../decide/gates";
import type { Thresholds } from "../decide/match";

interface PackFile {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** The manifest of a model pack (format 1, written by hadir.face) with the address of its files. */
export interface Pack {
  readonly format: 1;
  readonly id: string;
  readonly dimension: number;
  readonly files: { readonly track: PackFile; readonly embed: PackFile };
  readonly quality_names: readonly string[];
  /** Least probability that the mesh crop holds a face. */
  readonly presence: number;
  readonly gates: { readonly scan: Gates; readonly enrol: Gates };
  readonly thresholds: Thresholds;
  readonly base_url: string;
}

export class PackError extends Error {
  constructor(readonly code: "pack_missing" | "pack_format" | "pack_unreachable" | "pack_damaged") {
    super(code);
  }
}

/** Check what the server sent as a manifest; anything this page was not written for is refused. */
export function readPack(sent: unknown): Pack {
  if (sent === null || sent === undefined) throw new PackError("pack_missing");
  const pack = sent as Partial<Pack>;
  const known = pack.format === 1 && pack.files && pack.gates && pack.thresholds && pack.quality_names && pack.base_url;
  if (!known) throw new PackError("pack_format");
  return sent as Pack;
}

const CACHE = "hadir-models";

async function sha256(data: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * One model file, from the cache or else from the server once. The digest is checked each time, so that neither a broken
 * download nor a changed cache can decide who somebody is.
 */
async function loadFile(base: string, file: PackFile): Promise<ArrayBuffer> {
  const url = new URL(`${base.replace(/\/?$/, "/")}${file.name}`, location.href);
  // The digest is part of the key: the same name in a newer pack is another file.
  const key = `${url.href}?sha256=${file.sha256}`;
  const cache = await caches.open(CACHE);
  const kept = await (await cache.match(key))?.arrayBuffer();
  if (kept !== undefined && (await sha256(kept)) === file.sha256) return kept;
  const response = await fetch(url).catch(() => null);
  if (!response?.ok) throw new PackError("pack_unreachable");
  const data = await response.arrayBuffer();
  if ((await sha256(data)) !== file.sha256) throw new PackError("pack_damaged");
  await cache.put(key, new Response(data));
  return data;
}

export interface Graphs {
  readonly track: ArrayBuffer;
  readonly embed: ArrayBuffer | null;
}

/** The graphs of a pack; files of earlier packs are dropped once the new ones are here. */
export async function loadGraphs(pack: Pack, wanted: "track" | "both"): Promise<Graphs> {
  const track = await loadFile(pack.base_url, pack.files.track);
  const embed = wanted === "both" ? await loadFile(pack.base_url, pack.files.embed) : null;
  await dropOthers([pack.files.track.sha256, pack.files.embed.sha256]);
  return { track, embed };
}

async function dropOthers(digests: readonly string[]): Promise<void> {
  const cache = await caches.open(CACHE);
  const keys = await cache.keys();
  const old = keys.filter((key) => !digests.includes(new URL(key.url).searchParams.get("sha256") ?? ""));
  await Promise.all(old.map((key) => cache.delete(key)));
}
