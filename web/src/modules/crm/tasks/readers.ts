/** The parsers of dates, fetched when somebody begins to write a task: the viewer's language and English. */
import { useCallback, useState } from "react";
import { locale } from "@/lib/format";
import type { Parser } from "@/modules/crm/tasks/natural";

export type Reader = { language: "en" | "es"; parser: Parser };

let known: Reader[] = [];
let spoken = "";

async function fetchReaders(language: string): Promise<Reader[]> {
  if (spoken === language && known.length > 0) return known;
  const english: Reader = { language: "en", parser: (await import("chrono-node/en")).casual };
  const own: Reader[] = language.startsWith("es")
    ? [{ language: "es", parser: (await import("chrono-node/es")).casual }]
    : [];
  known = [...own, english];
  spoken = language;
  return known;
}

/** Empty until `load` is through. */
export function useReaders(): [readonly Reader[], () => Promise<Reader[]>] {
  const [readers, setReaders] = useState<readonly Reader[]>(spoken === locale() ? known : []);
  const load = useCallback(async () => {
    // Without a parser a task is still a task: it only has no date.
    const loaded = await fetchReaders(locale()).catch(() => []);
    setReaders(loaded);
    return loaded;
  }, []);
  return [readers, load];
}
