/** How well a command or an account fits what was typed, and which letters say so. */

/** Lower case, without accents; as many code units as the text it came from, so that positions agree. */
export function fold(text: string): string {
  let out = "";
  for (const char of text) {
    const plain = char.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    out +=
      plain.length === char.length
        ? plain
        : char.toLowerCase().slice(0, char.length).padEnd(char.length);
  }
  return out;
}

export function wordsOf(query: string): string[] {
  return fold(query).split(/\s+/).filter(Boolean);
}

/** At or above this a fit is what was meant, not a likeness. */
export const STRONG = 60;

const BREAK = /[^\p{L}\p{N}]/u;

function startsWord(text: string, at: number): boolean {
  return at === 0 || BREAK.test(text[at - 1] ?? " ");
}

function positionAtWord(text: string, word: string): number {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (startsWord(text, at)) return at;
  }
  return -1;
}

/** `nc` in "New contact": the letters in order, each at the start of a word. */
function isInitials(text: string, letters: string): boolean {
  if (letters.length < 2) return false;
  const starts = [...text].filter((char, at) => !BREAK.test(char) && startsWord(text, at)).join("");
  return starts.startsWith(letters);
}

function scoreWord(text: string, word: string): number {
  const at = positionAtWord(text, word);
  if (at === 0) return 100;
  if (at > 0) return 80;
  if (isInitials(text, word)) return 60;
  return word.length >= 3 && text.includes(word) ? 30 : 0;
}

/** 0 when it does not fit. Every word of the query must. */
export function score(title: string, query: string, keywords = ""): number {
  const words = wordsOf(query);
  if (words.length === 0) return 1;
  const text = fold(title);
  const more = fold(keywords);
  let least = Number.POSITIVE_INFINITY;
  for (const word of words) {
    const byTitle = scoreWord(text, word);
    const byKeyword = positionAtWord(more, word) >= 0 ? 40 : 0;
    least = Math.min(least, Math.max(byTitle, byKeyword));
  }
  if (least === 0) return 0;
  // Of two that fit the same, the shorter is nearer to what was typed.
  const whole = text === fold(query).trim() ? 20 : 0;
  return least + whole + Math.max(0, 8 - title.length / 10);
}

/** The best first, what does not fit left out; equals stay in their order. */
export function rank<T>(
  items: readonly T[],
  query: string,
  text: (item: T) => { title: string; keywords?: string | undefined },
): { item: T; score: number }[] {
  return items
    .map((item) => {
      const { title, keywords } = text(item);
      return { item, score: score(title, query, keywords) };
    })
    .filter((each) => each.score > 0)
    .sort((a, b) => b.score - a.score);
}

export type Piece = { text: string; hit: boolean };

/** The title cut where words of it begin with what was typed. */
export function pieces(title: string, query: string): Piece[] {
  const text = fold(title);
  const marks = new Array<boolean>(title.length).fill(false);
  for (const word of wordsOf(query)) {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      if (startsWord(text, at)) marks.fill(true, at, at + word.length);
    }
  }
  const out: Piece[] = [];
  for (const [at, hit] of marks.entries()) {
    const last = out.at(-1);
    const char = title[at] ?? "";
    if (last && last.hit === hit) last.text += char;
    else out.push({ text: char, hit });
  }
  return out;
}
