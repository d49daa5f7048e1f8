/**
 * Every request of the app: the generated client with our query strings, the tenant one stands in, time
 * limits, and failures turned into a `Problem`.
 */
import { client } from "@/api/client.gen";
import { asProblem, Problem, problemOf } from "@/lib/problem";
import { type QueryValue, queryString } from "@/lib/query-string";

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

type Options = {
  query?: Record<string, QueryValue>;
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** The tenant to stand in; absent means the one selected, null none at all. */
  tenant?: string | null;
  /** States of the record that may be changed, as quoted `updatedAt`s; any other answers with a conflict. */
  ifMatch?: string;
  /** Milliseconds; the server itself gives up after 30 seconds. */
  timeout?: number;
};

const TIME_LIMIT = 32_000;
/** Seconds: turned away for no longer than this, a read waits and asks again by itself. */
export const SHORT_WAIT = 10;
const READ_TRIES = 4;
/** Past this the query travels in the body: proxies cut long addresses. */
const LONGEST_QUERY = 6_000;

let selected: string | null = null;
const listeners = { signedOut: new Set<() => void>(), build: new Set<(build: string) => void>() };

/** Names the tenant that requests stand in from now on. */
export function standIn(tenant: string | null): void {
  selected = tenant;
}

export function standsIn(): string | null {
  return selected;
}

/** Told when the server no longer knows who we are. */
export function onSignedOut(listener: () => void): () => void {
  listeners.signedOut.add(listener);
  return () => listeners.signedOut.delete(listener);
}

/** Told of the build of the app that the server serves, with each answer. */
export function onBuild(listener: (build: string) => void): () => void {
  listeners.build.add(listener);
  return () => listeners.build.delete(listener);
}

client.setConfig({ baseUrl: "", credentials: "same-origin", parseAs: "stream" });

/** Sends a request and reads its JSON. Throws a `Problem`. */
export async function request<T>(method: Method, path: string, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json" };
  const tenant = options.tenant === undefined ? selected : options.tenant;
  if (tenant) headers["x-tenant"] = tenant;
  if (options.ifMatch) headers["if-match"] = options.ifMatch;
  const query = options.query ? queryString(options.query) : "";
  const init: RequestInit = { method };
  if (method === "GET" && query.length > LONGEST_QUERY) {
    headers["x-http-method-override"] = "GET";
    headers["content-type"] = "application/x-www-form-urlencoded";
    Object.assign(init, { method: "POST", body: query });
  } else if (options.body !== undefined) {
    headers["content-type"] = "application/json";
    init.body = JSON.stringify(options.body);
  }
  const inQuery = query && init.method === method ? `?${query}` : "";
  const { signal, timeout = TIME_LIMIT } = options;
  const most = method === "GET" ? READ_TRIES : 1;
  for (let tries = 1; ; tries += 1) {
    const limit = AbortSignal.timeout(timeout);
    init.signal = signal ? AbortSignal.any([signal, limit]) : limit;
    try {
      return await read<T>(await send(`${path}${inQuery}`, { ...init, headers }));
    } catch (thrown) {
      const wait = thrown instanceof Problem ? thrown.wait : null;
      if (tries === most || wait === null || wait > SHORT_WAIT) throw thrown;
      await pause(wait + spread(tries), signal);
    }
  }
}

/** Seconds up to 1, 2, 4: what was turned away together would be so again if it all came back together. */
function spread(tries: number): number {
  return Math.random() * 2 ** (tries - 1);
}

async function pause(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  signal?.throwIfAborted();
}

async function send(url: string, init: RequestInit): Promise<Response> {
  const fetcher = client.getConfig().fetch ?? globalThis.fetch;
  try {
    return await fetcher(url, { ...init, credentials: "same-origin" });
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === "AbortError") throw thrown;
    throw asProblem(thrown);
  }
}

async function read<T>(response: Response): Promise<T> {
  const build = response.headers.get("x-app-build");
  if (build) for (const listener of listeners.build) listener(build);
  const text = await response.text();
  const body = parse(text, response);
  if (response.ok) return body as T;
  const problem = problemOf(response, body);
  if (response.status === 401 || response.status === 403) void askWhetherSignedOut(response.url);
  throw problem;
}

function parse(text: string, response: Response): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    if (!response.ok) return null;
    throw new Problem("server", "The server's answer could not be read.", {
      status: response.status,
    });
  }
}

let asking = false;

/** A refusal may mean that the session is over: revoked elsewhere, expired. */
async function askWhetherSignedOut(url: string): Promise<void> {
  if (
    asking ||
    /\/api\/(users\/(login|me|first-register|reset-password|accept-invitation)|auth\/)/.test(url)
  )
    return;
  asking = true;
  try {
    const answer = await fetch("/api/users/me?depth=0", { credentials: "same-origin" });
    const body = (await answer.json()) as { user: unknown };
    if (answer.ok && body.user === null) for (const listener of listeners.signedOut) listener();
  } catch {
    // The server is away: not a reason to sign anyone out.
  } finally {
    asking = false;
  }
}
