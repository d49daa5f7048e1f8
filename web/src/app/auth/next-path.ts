/** Where `?next=` leads after sign-in: only to a page of this app. */

const ORIGIN = "https://here.invalid";
/** Pages for those who are not signed in; going back to them would lead in circles. */
const ENTRANCES =
  /^\/(login|forgot-password|reset-password|verify-email|accept-invitation|welcome)(\/|$)/;

/** `next` when it is a path of our own origin, else `/`. */
export function safeNext(next: string | null): string {
  if (!next?.startsWith("/")) return "/";
  // Browsers drop tabs and line breaks and read "\" as "/": "/\t/evil.test" is another site.
  const odd = [...next].some((character) => character <= " " || character === "\\");
  if (odd || next.startsWith("//")) return "/";
  let url: URL;
  try {
    url = new URL(next, ORIGIN);
  } catch {
    return "/";
  }
  const elsewhere = url.origin !== ORIGIN || url.pathname.startsWith("//");
  if (elsewhere || /^\/api(\/|$)/.test(url.pathname) || ENTRANCES.test(url.pathname)) return "/";
  return `${url.pathname}${url.search}${url.hash}`;
}
