import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const pathOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
/** Small parts that many pages show: one file of them is smaller than a dozen. */
const PARTS = {
  react: /\/node_modules\/react\//,
  parts:
    /\/src\/(ui\/(badge|figures|read|session_progress|standing|table)|data\/(pages|start)|i18n\/(session_parts|template_actions))\.tsx?$/,
  words:
    /\/src\/(i18n\/(format|index|settings)|data\/(action|network)|ui\/later|problem)\.tsx?$|vite\/preload-helper/,
  building:
    /\/src\/(features\/templates\/builder\/(contexts|entries|fields|sortable)|i18n\/template_builder)\.tsx?$/,
  growing: /\/src\/(ui\/(more|charts\/meter)|data\/search)\.tsx?$/,
};
const client = pathOf("../clients/typescript/src");

/** The paths of the configuration, the functions and the stack's sign-in. */
const FORWARDED = [
  "/config.json",
  "^/[a-z]+_[a-z_]+(/.*)?$",
  "/identitytoolkit.googleapis.com",
  "/securetoken.googleapis.com",
  "/emulator",
];

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: [
      { find: /^@\//, replacement: `${pathOf("src")}/` },
      // The client is compiled from its source, so that the app always has the one of this checkout.
      { find: /^practice-client$/, replacement: `${client}/index.ts` },
      { find: /^practice-client\/(.*)$/, replacement: `${client}/$1.ts` },
      // Ordinary pages read by single requests: a quarter of the size of the full SDK.
      { find: /^#firestore$/, replacement: "firebase/firestore/lite" },
    ],
    dedupe: ["firebase", "eventsource-parser"],
  },
  build: {
    target: "es2022",
    sourcemap: false,
    // Budgets count what a route loads, so a preload may not hide a file.
    modulePreload: { polyfill: false },
    manifest: true,
    // tests/e2e/web/test_every_page.py limits what each page loads.
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: Object.entries(PARTS).map(([name, test]) => ({ name, test })),
        },
      },
    },
  },
  server: {
    // The tests read the files of questions that the commands are tested with.
    fs: { allow: [pathOf("."), pathOf("../clients/typescript"), pathOf("../tests/support/content")] },
    // Everything that is no file of the app is answered by the running local stack.
    proxy: Object.fromEntries(
      FORWARDED.map((path) => [path, process.env["STACK_URL"] ?? "http://127.0.0.1:8080"]),
    ),
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
  },
});
