/** What went wrong with a request, in the one form that pages, forms and toasts draw from. */

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

export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly status: number;
  readonly fields: FieldProblem[];
  readonly requestId: string | null;

  constructor(
    kind: ProblemKind,
    message: string,
    more: { status?: number; fields?: FieldProblem[]; requestId?: string | null } = {},
  ) {
    super(message);
    this.name = "Problem";
    this.kind = kind;
    this.status = more.status ?? 0;
    this.fields = more.fields ?? [];
    this.requestId = more.requestId ?? null;
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
  const kind = KINDS[response.status] ?? (response.status >= 500 ? "server" : "invalid");
  const message = said(first?.message ?? told.message ?? response.statusText);
  return new Problem(kind, message, {
    status: response.status,
    fields,
    requestId: response.headers.get("x-request-id"),
  });
}

/** Anything thrown, as a problem. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof DOMException && thrown.name === "TimeoutError") {
    return new Problem("slow", "The server took too long to answer.");
  }
  if (thrown instanceof TypeError) return new Problem("offline", "The server cannot be reached.");
  return new Problem("server", thrown instanceof Error ? thrown.message : String(thrown));
}
