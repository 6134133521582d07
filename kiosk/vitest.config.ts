import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts"],
    // An odd zone, so that no test passes only where it was written.
    env: { TZ: "America/St_Johns" },
    reporters: ["default", ["junit", { outputFile: "../build/test-results/kiosk.xml" }]],
  },
});
