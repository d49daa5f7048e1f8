/** Builds the app that the server embeds; in development the API comes from a running server. */
import { lingui } from "@lingui/vite-plugin";
import babel from "@rolldown/plugin-babel";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { inlineEnglish } from "./build/inline-english.ts";
import { offline } from "./build/offline.ts";

const server = process.env.MAINSTAY_URL ?? "http://127.0.0.1:3000";

/**
 * What every page needs travels in few files: a hundred small ones compress badly and wait for each other.
 * Whatever is not named here is split by the pages that import it.
 */
const CHUNKS = [
  {
    name: "vendor",
    test: /node_modules\/(react|react-dom|scheduler|react-router|@tanstack\/(react-)?query(-core)?|@lingui\/(core|react))\//,
  },
  {
    name: "core",
    test: /\/src\/(lib\/(?!draft)|app\/(shell|resilience)\/|ui\/(avatar|badge|button|checkbox|confirm|deferred|dialog|empty|field|kbd|menu|page-header|popover|popup|progress|segmented|skeleton|toast|tone|tooltip|tooltip-host)\.tsx?|engine\/(definitions|documents|fields\/(?!.*-input)|modules|patch|preferences|record-link|relations|saved-views|session|titles|view-state|where|writes)|modules\/crm\/views)/,
  },
];

export default defineConfig({
  plugins: [
    babel({
      include: /\/src\/.*\.tsx?$/,
      parserOpts: { plugins: ["typescript", "jsx"] },
      // Messages stay in the code: see build/inline-english.ts.
      plugins: [["@lingui/babel-plugin-lingui-macro", { stripMessageField: false }]],
    }),
    react(),
    lingui(),
    inlineEnglish(),
    tailwindcss(),
    offline(),
  ],
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  server: {
    port: 5173,
    host: "127.0.0.1",
    proxy: { "/api": { target: server, changeOrigin: true, headers: { origin: server } } },
  },
  build: {
    target: "es2023",
    sourcemap: false,
    // Everything is a file of our own origin: the content security policy allows nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: { groups: CHUNKS } } },
  },
});
