/** Builds the app that the server embeds; in development the API comes from a running server. */
import { lingui } from "@lingui/vite-plugin";
import babel from "@rolldown/plugin-babel";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { offline } from "./build/offline.ts";

const server = process.env.MAINSTAY_URL ?? "http://127.0.0.1:3000";

export default defineConfig({
  plugins: [
    babel({
      include: /\/src\/.*\.tsx?$/,
      parserOpts: { plugins: ["typescript", "jsx"] },
      plugins: ["@lingui/babel-plugin-lingui-macro"],
    }),
    react(),
    lingui(),
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
  },
});
