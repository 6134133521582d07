import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vite";

const OUT = join(import.meta.dirname, "../hadir/static/kiosk");
const SHELL = join(import.meta.dirname, "../hadir/gateways/kiosk/templates/kiosk/kiosk.html");

/** The page and its files, each with a revision: the page has no hash in its address, so it gets one here. */
function precacheList(): { url: string; revision: string | null }[] {
  const made = readdirSync(join(OUT, "assets")).sort();
  // Compressed copies are the server's business, the enrolment page needs the network anyway.
  const files = made.filter((name) => !/\.(gz|br)$/.test(name) && !name.startsWith("enrol-"));
  const revision = createHash("sha256").update(files.join("\n")).update(readFileSync(SHELL)).digest("hex").slice(0, 16);
  return [{ url: "/kios/", revision }, ...files.map((name) => ({ url: `/static/kiosk/assets/${name}`, revision: null }))];
}

export default defineConfig(({ command }) => ({
  define: {
    PRECACHE: command === "build" ? JSON.stringify(precacheList()) : "[]",
    // A library build leaves this to its user, and a worker has no `process`.
    "process.env.NODE_ENV": JSON.stringify("production"),
  },
  build: {
    outDir: OUT,
    emptyOutDir: false,
    target: "es2022",
    lib: { entry: "src/offline/worker.ts", formats: ["iife"], name: "hadir", fileName: () => "sw.js" },
  },
}));
