/**
 * What a person means by "call Ana tomorrow 9am": the task and when it is due, in the viewer's zone.
 * The parser thinks in the browser's zone; it is given the viewer's wall clock as if it were that, and
 * what it finds is read as wall clock again, so that clock changes and other zones do no harm.
 */
import type { ParsedComponents, ParsedResult } from "chrono-node";
import { addDays } from "@/lib/days";
import { instantOf, localOf } from "@/lib/format";

export type Parser = {
  parse(text: string, reference: Date, option: { forwardDate: boolean }): ParsedResult[];
};

export type Understood = {
  /** The text without what said when. */
  title: string;
  /** What said when. */
  when: string;
  dueAt: string;
  /** Whether an hour was said; a day alone is due until it ends. */
  timed: boolean;
};

/** A task of a day is not late before the day is over. */
export const DAY_END = "23:59";

export function isWholeDay(instant: string): boolean {
  const time = localOf(instant).slice(11);
  return time === DAY_END || time === "00:00";
}

export function dayEnd(day: string): string {
  return instantOf(`${day}T${DAY_END}`);
}

/** Understands in any of the languages, the one that understood most. Null where nothing says when. */
export function understand(
  text: string,
  readers: readonly { language: "en" | "es"; parser: Parser }[],
  now = new Date(),
): Understood | null {
  const wall = localOf(now.toISOString());
  let most: Understood | null = null;
  for (const { language, parser } of readers) {
    const said = language === "es" ? plainSpanish(text, wall) : text;
    const found = best(parser.parse(said, new Date(`${wall}:00`), { forwardDate: true }));
    if (found && found.text.length > (most?.when.length ?? 0)) {
      most = read(found, said, language, now, wall);
    }
  }
  return most;
}

/** The one with an hour; of several days the last, since "when" is mostly said last. */
function best(results: ParsedResult[]): ParsedResult | undefined {
  return results.findLast((each) => each.start.isCertain("hour")) ?? results.at(-1);
}

function read(
  found: ParsedResult,
  said: string,
  language: "en" | "es",
  now: Date,
  wall: string,
): Understood {
  const { start, index, text } = found;
  const before = said.slice(0, index);
  const title = tidy(before, said.slice(index + text.length), language);
  if (start.tags().has("result/relativeDateAndTime")) {
    // "In 2 hours" is two hours from now, whatever the clock does in between.
    const passed = start.date().getTime() - new Date(`${wall}:00`).getTime();
    const at = new Date(Math.floor(now.getTime() / 60_000) * 60_000 + passed);
    return { title, when: text, dueAt: at.toISOString(), timed: true };
  }
  const time = timeOf(start, text);
  const day = dayAt(start, time, wall);
  return { title, when: text, dueAt: instantOf(`${day}T${time ?? DAY_END}`), timed: time !== null };
}

const pad = (value: number | null) => String(value ?? 0).padStart(2, "0");

/** Hours of words that name a part of the day. */
const PARTS: Record<string, string> = {
  "casualReference/morning": "09:00",
  "casualReference/noon": "12:00",
  "casualReference/afternoon": "15:00",
  "casualReference/evening": "19:00",
  "casualReference/tonight": "20:00",
};

function timeOf(start: ParsedComponents, text: string): string | null {
  if (start.isCertain("hour")) {
    const hour = start.get("hour") ?? 0;
    return `${pad(isAfternoon(start, text) ? hour + 12 : hour)}:${pad(start.get("minute"))}`;
  }
  const tag = Object.keys(PARTS).find((each) => start.tags().has(each as never));
  return (tag && PARTS[tag]) ?? null;
}

/** "At 5" is no time to call anyone in the morning; "05:00" says so itself. */
function isAfternoon(start: ParsedComponents, text: string): boolean {
  const hour = start.get("hour") ?? 0;
  const isPlain = !start.isCertain("meridiem") && !/\b0\d|\d[ap]\.?m|T\d/i.test(text);
  return isPlain && hour >= 1 && hour <= 6;
}

function dayAt(start: ParsedComponents, time: string | null, wall: string): string {
  const today = wall.slice(0, 10);
  const dayless = ["day", "weekday", "month"] as const;
  // An hour alone is the next one of it.
  if (time && !dayless.some((part) => start.isCertain(part))) {
    return time > wall.slice(11) ? today : addDays(today, 1);
  }
  return `${start.get("year")}-${pad(start.get("month"))}-${pad(start.get("day"))}`;
}

const JOINTS = {
  en: {
    end: /[\s,;:–-]*\b(?:by|on|at|due|before|until|till|for|this|the|in)$/i,
    start: /^[\s,;:–-]+/,
  },
  es: {
    end: /[\s,;:–-]*(?:^|\s)(?:el|la|los|las|para|antes|de|del|a|al|hasta|en|por)$/i,
    start: /^[\s,;:–-]+/,
  },
};

/** The task without the words that only led to the date. */
function tidy(before: string, after: string, language: "en" | "es"): string {
  const joints = JOINTS[language];
  let head = before.trimEnd();
  while (joints.end.test(head)) head = head.replace(joints.end, "").trimEnd();
  head = head.replace(/[\s,;:–-]+$/, "");
  const tail = after.replace(joints.start, "").trimEnd();
  return [head, tail].filter(Boolean).join(" ").trim();
}

const HOURS: Record<string, string> = {
  mañana: "9:00",
  tarde: "15:00",
  noche: "20:00",
  mediodía: "12:00",
};

/** Spanish that the parser does not know, in words that it does. */
function plainSpanish(text: string, wall: string): string {
  const today = wall.slice(0, 10);
  const on = (count: number) => addDays(today, count).split("-").reverse().join("/");
  return text
    .replace(/\bpasado\s+mañana/gi, on(2))
    .replace(/\b(?:la\s+)?(?:semana\s+que\s+viene|próxima\s+semana|semana\s+próxima)\b/gi, on(7))
    .replace(/\b(?:el\s+)?(?:próximo\s+)?fin\s+de\s+semana\b/gi, "sábado")
    .replace(/\b(\p{L}+)\s+que\s+viene\b/giu, "$1")
    .replace(
      /\b(\d{1,2})(?:[:.](\d{2}))?\s*(?:h\s*)?(?:de|por)\s+la\s+(mañana|tarde|noche)/gi,
      (_, hour: string, minute: string | undefined, part: string) => {
        const late = part.toLowerCase() !== "mañana" && Number(hour) < 12;
        return `${pad(Number(hour) + (late ? 12 : 0))}:${minute ?? "00"}`;
      },
    )
    .replace(
      /\b(\d{1,2})(?:[:.](\d{2}))?\s*h(?:s|oras)?\b(?!\w)/gi,
      (whole, hour: string, minute?: string) =>
        /horas?$/i.test(whole) ? whole : `${pad(Number(hour))}:${minute ?? "00"}`,
    )
    .replace(
      /\s(?:por|a|de|en)\s+la\s+(mañana|tarde|noche)/gi,
      (_, part: string) => ` a las ${HOURS[part.toLowerCase()]}`,
    )
    .replace(/\sal?\s+mediodía/gi, " a las 12:00");
}
