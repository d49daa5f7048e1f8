/** Kinds of entries on a timeline: what people log, and what the product writes by itself. */
import { t } from "@lingui/core/macro";
import {
  ArrowRightLeft,
  CalendarDays,
  CheckSquare,
  CirclePlus,
  type LucideIcon,
  Mail,
  NotebookPen,
  Phone,
  Settings2,
  UserRound,
} from "lucide-react";

export type LogKind = "note" | "call" | "email" | "meeting" | "task";

export const LOG_KINDS: readonly LogKind[] = ["note", "call", "email", "meeting", "task"];

const ICONS: Record<string, LucideIcon> = {
  note: NotebookPen,
  call: Phone,
  email: Mail,
  meeting: CalendarDays,
  task: CheckSquare,
  stage_changed: ArrowRightLeft,
  status_changed: ArrowRightLeft,
  lifecycle_changed: ArrowRightLeft,
  owner_changed: UserRound,
  created: CirclePlus,
  system: Settings2,
};

/** The same hues as the kinds have as tags. */
export const HUES: Record<LogKind, number> = {
  note: 220,
  call: 75,
  email: 250,
  meeting: 300,
  task: 155,
};

export function iconOf(kind: unknown): LucideIcon {
  return ICONS[String(kind)] ?? Settings2;
}

export function isLogged(kind: unknown): kind is LogKind {
  return LOG_KINDS.some((each) => each === kind);
}

export function kindName(kind: LogKind): string {
  return {
    note: t`Note`,
    call: t`Call`,
    email: t`Email`,
    meeting: t`Meeting`,
    task: t`Task`,
  }[kind];
}

export type Filter = "all" | LogKind | "changes";

export const FILTERS: readonly Filter[] = ["all", ...LOG_KINDS, "changes"];

export function filterName(filter: Filter): string {
  return {
    all: t`All`,
    note: t`Notes`,
    call: t`Calls`,
    email: t`Emails`,
    meeting: t`Meetings`,
    task: t`Tasks`,
    changes: t`Changes`,
  }[filter];
}

const CHANGES = Object.keys(ICONS).filter((kind) => !isLogged(kind));

/** The kinds a filter lets through; undefined for all. */
export function kindsOf(filter: Filter): string[] | undefined {
  if (filter === "all") return undefined;
  return filter === "changes" ? CHANGES : [filter];
}
