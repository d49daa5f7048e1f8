/** What went wrong with a request, in the one form that pages, forms and toasts draw from. */
import { t } from "@lingui/core/macro";
import { formatWait } from "@/lib/format";
import { said } from "@/lib/i18n";

export type FieldProblem = { path: string; message: string; label?: string };

export type ProblemKind =
  | "offline"
  | "slow"
  | "signedOut"
  | "forbidden"
  | "missing"
  | "conflict"
  | "invalid"
  | "limited"
  | "server";

type More = {
  status?: number;
  fields?: FieldProblem[];
  requestId?: string | null;
  wait?: number | null;
};

export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly status: number;
  readonly fields: FieldProblem[];
  readonly requestId: string | null;
  /** Seconds after which the server wants to be asked again; null when it did not say. */
  readonly wait: number | null;
  /** The instant at which they are over, in milliseconds. */
  readonly retryAt: number;

  constructor(kind: ProblemKind, message: string, more: More = {}) {
    super(message);
    this.name = "Problem";
    this.kind = kind;
    this.status = more.status ?? 0;
    this.fields = more.fields ?? [];
    this.requestId = more.requestId ?? null;
    this.wait = more.wait ?? null;
    this.retryAt = Date.now() + (this.wait ?? 0) * 1000;
  }

  /** Whether trying the same again may help. */
  get passing(): boolean {
    return (
      this.kind === "offline" ||
      this.kind === "slow" ||
      this.kind === "server" ||
      this.kind === "limited"
    );
  }
}

const KINDS: Record<number, ProblemKind> = {
  400: "invalid",
  401: "signedOut",
  403: "forbidden",
  404: "missing",
  409: "conflict",
  413: "invalid",
  414: "invalid",
  422: "invalid",
  429: "limited",
  408: "slow",
  503: "slow",
  504: "slow",
};

type ErrorBody = {
  errors?: { message?: string; data?: { errors?: FieldProblem[] } | FieldProblem[] }[];
  message?: string;
};

/** Reads the error form of the wire contract. */
export function problemOf(response: Response, body: unknown): Problem {
  const told = (typeof body === "object" && body !== null ? body : {}) as ErrorBody;
  const first = told.errors?.[0];
  const data = first?.data;
  const found = Array.isArray(data) ? data : (data?.errors ?? []);
  const fields = found.map((each) =>
    each.message ? { ...each, message: said(each.message) } : each,
  );
  const { status, headers } = response;
  const kind = KINDS[status] ?? (status >= 500 ? "server" : "invalid");
  const message = said(first?.message ?? told.message ?? response.statusText);
  const wait = waitOf(response);
  const isBusy = status === 429 || status === 503;
  return new Problem(kind, isBusy ? waitText(kind, wait) : message, {
    status,
    fields,
    requestId: headers.get("x-request-id"),
    wait,
  });
}

/** `Retry-After` of an answer that turns one away for a while: seconds, or a date of HTTP. */
export function waitOf({ status, headers }: Response): number | null {
  const given = headers.get("retry-after");
  if (!given || (status !== 429 && status !== 503)) return null;
  const seconds = /^\d+$/.test(given) ? Number(given) : (Date.parse(given) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? null : Math.max(1, Math.ceil(seconds));
}

/** Why one was turned away, and when to try again. */
export function waitText(kind: ProblemKind, seconds: number | null): string {
  const isLimited = kind === "limited";
  if (seconds === null) {
    return isLimited
      ? t`Too many requests in a short time. Try again in a moment.`
      : t`The server is busy or starting. Try again in a moment.`;
  }
  const wait = formatWait(seconds);
  return isLimited
    ? t`Too many requests in a short time. Try again in ${wait}.`
    : t`The server is busy or starting. Try again in ${wait}.`;
}

/** Anything thrown, as a problem. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof DOMException && thrown.name === "TimeoutError") {
    return new Problem("slow", t`The server took too long to answer. Try again in a moment.`);
  }
  if (thrown instanceof TypeError) {
    return new Problem(
      "offline",
      t`The server cannot be reached. Check your connection and try again.`,
    );
  }
  return new Problem("server", thrown instanceof Error ? thrown.message : String(thrown));
}
