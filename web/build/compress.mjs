/**
 * After the build: notes its name, and lays a brotli copy beside every text, so that the server sends
 * bytes it never has to compress.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const dist = new URL("../dist/", import.meta.url).pathname;
const TEXTS = new Set([".js", ".css", ".html", ".svg", ".webmanifest", ".json"]);

const files = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  .sort();

// The page knows which build it is (build/offline.ts); the server says the same with each answer.
const page = readFileSync(join(dist, "index.html"), "utf8");
const build = /<meta name="app-build" content="([0-9a-f]+)"/.exec(page)?.[1];
if (!build) throw new Error("index.html does not say which build it is");
writeFileSync(join(dist, "build.txt"), build);

let raw = 0;
let small = 0;
for (const file of files.filter((name) => TEXTS.has(extname(name)))) {
  const text = readFileSync(file);
  const packed = brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    },
  });
  writeFileSync(`${file}.br`, packed);
  raw += text.length;
  small += packed.length;
}
console.log(
  `app ${build}: ${(raw / 1024).toFixed(0)} kB of texts, ${(small / 1024).toFixed(0)} kB in brotli`,
);
