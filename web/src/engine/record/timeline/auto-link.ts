/** Finds addresses in plain text. Nothing of the text is ever markup: the parts are drawn as text and links. */

export type Part = { text: string; href?: string };

const ADDRESS =
  /\b(?:https?:\/\/|www\.)[^\s<>"'`{}|\\^]+|[\w.+-]+@[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)+/gi;

/** Marks that end a sentence rather than an address. */
const TAIL = /[.,;:!?…»”’"')\]]$/;

export function autoLink(text: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const found = trimTail(match[0]);
    const href = hrefOf(found);
    if (!href) continue;
    if (match.index > from) parts.push({ text: text.slice(from, match.index) });
    parts.push({ text: found, href });
    from = match.index + found.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/** Without closing marks; a bracket stays that was opened within the address. */
function trimTail(found: string): string {
  let out = found;
  while (TAIL.test(out)) {
    if (out.endsWith(")") && count(out, "(") >= count(out, ")")) break;
    out = out.slice(0, -1);
  }
  return out;
}

function count(text: string, mark: string): number {
  return text.split(mark).length - 1;
}

function hrefOf(found: string): string | null {
  if (/^(https?:\/\/|www\.)/i.test(found)) {
    const full = /^www\./i.test(found) ? `https://${found}` : found;
    if (!URL.canParse(full)) return null;
    const { protocol, hostname } = new URL(full);
    return /^https?:$/.test(protocol) && hostname !== "" ? full : null;
  }
  return `mailto:${encodeURI(found)}`;
}
