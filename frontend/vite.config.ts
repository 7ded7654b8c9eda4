import { defineConfig } from "vite";

// Islands are named by file: {% island "charts" %} finds src/charts.ts in the manifest.
const islands = ["app", "charts", "import", "lists", "wall"];

export default defineConfig({
  base: "./", // relative, so that STATIC_URL may be anything
  publicDir: false,
  build: {
    target: "chrome86",
    outDir: "../src/shiyu/ui/static/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
    rollupOptions: { input: Object.fromEntries(islands.map((name) => [name, `src/${name}.ts`])) },
  },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
} as Parameters<typeof defineConfig>[0]);
