/** Names the build in the page and writes the service worker that keeps the app's shell for when there is no network. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin, Rolldown } from "vite";

/** Files of `public/` that the shell shows itself with. */
const PUBLIC = ["/theme.js", "/icon.svg", "/manifest.webmanifest"];

export function offline(): Plugin {
  let publicDir = "";
  let build = "";
  return {
    name: "mainstay:offline",
    apply: "build",
    enforce: "post",
    configResolved(config) {
      publicDir = config.publicDir;
    },
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle }) {
        if (!bundle) return [];
        build = nameOf(Object.keys(bundle), publicDir);
        const attrs = { name: "app-build", content: build };
        return [{ tag: "meta", attrs, injectTo: "head-prepend" }];
      },
    },
    generateBundle(_options, bundle) {
      const shell = ["/", ...PUBLIC, ...shellOf(bundle).map((file) => `/${file}`)];
      const source = readFileSync(new URL("./sw.js", import.meta.url), "utf8")
        .replace('"__SHELL__"', JSON.stringify(shell))
        .replace("__BUILD__", build);
      this.emitFile({ type: "asset", fileName: "sw.js", source });
    },
  };
}

/** Chunks are named by their content, so their names say everything but what `public/` holds. */
function nameOf(files: readonly string[], publicDir: string): string {
  const hash = createHash("sha256");
  for (const file of [...files].sort()) hash.update(`${file}\n`);
  for (const file of PUBLIC) hash.update(readFileSync(join(publicDir, file)));
  return hash.digest("hex").slice(0, 16);
}

/** What it takes to draw the frame: the entry, all it imports at once, English, styles and the Latin letters. */
function shellOf(bundle: Rolldown.OutputBundle): string[] {
  const files = new Set<string>();
  const add = (name: string) => {
    if (files.has(name)) return;
    files.add(name);
    const chunk = bundle[name];
    if (chunk?.type === "chunk") for (const inner of chunk.imports) add(inner);
  };
  for (const [name, output] of Object.entries(bundle)) {
    if (output.type === "chunk") {
      const english = output.moduleIds.some((id) => /\/locales\/en\./.test(id));
      if (output.isEntry || english) add(name);
    } else if (/(^|\/)(index|main)-[^/]*\.css$|inter-latin-wght[^/]*\.woff2$/.test(name)) add(name);
  }
  return [...files];
}
