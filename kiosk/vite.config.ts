import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const OUT = join(import.meta.dirname, "../hadir/static/kiosk");

/** Compress beside the original, for whitenoise to choose from: the WASM runtime is 14 MB, 3.5 MB compressed. */
function compressed(): Plugin {
  return {
    name: "hadir-compressed",
    apply: "build",
    writeBundle() {
      for (const name of readdirSync(join(OUT, "assets"))) {
        if (!/\.(js|mjs|css|wasm)$/.test(name)) continue;
        const file = join(OUT, "assets", name);
        const data = readFileSync(file);
        writeFileSync(`${file}.gz`, gzipSync(data, { level: 9 }));
        const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
        writeFileSync(`${file}.br`, brotliCompressSync(data, { params }));
      }
    },
  };
}

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "package.json"), "utf8")) as { version: string };

export default defineConfig({
  define: { VERSION: JSON.stringify(version) },
  base: "/static/kiosk/",
  plugins: [compressed()],
  // Use the runtime's separate WASM files, which this build copies: nothing is fetched from elsewhere.
  resolve: { conditions: ["onnxruntime-web-use-extern-wasm", "module", "browser", "development|production"] },
  worker: { format: "es" },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { kiosk: "src/kiosk.ts", enrol: "src/enrol.ts" } },
  },
});
