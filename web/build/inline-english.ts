/**
 * English is written in the code: a plain sentence travels with the chunk that says it, and only those
 * with numbers or names in them need the compiled catalog. Nobody waits for sentences of other pages.
 */
import type { Plugin } from "vite";

type Compiled = Record<string, readonly unknown[]>;

export function inlineEnglish(): Plugin {
  return {
    name: "mainstay:inline-english",
    apply: "build",
    enforce: "post",
    transform(code, id) {
      if (!/\/locales\/en\.po($|\?)/.test(id)) return null;
      const json = /JSON\.parse\(("(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|'(?:[^'\\]|\\.)*')\)/.exec(
        code,
      );
      if (!json?.[1]) throw new Error("the English catalog is not what it was");
      const all = JSON.parse(JSON.parse(json[1])) as Compiled;
      const needed = Object.entries(all).filter(([, parts]) => !isPlain(parts));
      const text = JSON.stringify(JSON.stringify(Object.fromEntries(needed)));
      return { code: code.replace(json[0], () => `JSON.parse(${text})`), map: null };
    },
  };
}

function isPlain(parts: readonly unknown[]): boolean {
  return parts.length === 1 && typeof parts[0] === "string";
}
