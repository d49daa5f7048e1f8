/** Hues of words: the same word has the same one everywhere. */

const KNOWN: Record<string, number> = {};
const GROUPS: [number, string][] = [
  [250, "lead new open scheduled info email subscriber"],
  [300, "qualified meeting in_progress evangelist opportunity"],
  [75, "proposal normal pending task call"],
  [45, "negotiation high warning no_show"],
  [155, "won customer done active completed good accepted create"],
  [25, "churned lost cancelled overdue urgent suspended former delete"],
  [220, "low note draft"],
];
for (const [hue, words] of GROUPS) for (const word of words.split(" ")) KNOWN[word] = hue;

/** Hues far enough from each other to be told apart, for words that nobody chose one for. */
const WHEEL = [250, 300, 75, 45, 155, 25, 200, 340, 110, 275, 180, 10];

export function hue(value: string): number {
  const known = KNOWN[value.toLowerCase()];
  if (known !== undefined) return known;
  let hash = 0;
  for (const char of value) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return WHEEL[hash % WHEEL.length] ?? 250;
}
