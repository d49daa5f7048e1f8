/** Records seen last, on this device, apart for each person and tenant. */
import type { QueryClient } from "@tanstack/react-query";
import type { Doc, Schema } from "@/engine/definitions";
import { meOptions, type User } from "@/engine/session";
import { titleOf } from "@/engine/titles";

export type Recent = { slug: string; id: string; title: string; at: number };

export const MOST = 20;

function keyOf(user: string, tenant: string): string {
  return `mainstay.recent:${user}:${tenant}`;
}

function isRecent(value: unknown): value is Recent {
  if (typeof value !== "object" || value === null) return false;
  const entry = value as Partial<Recent>;
  return (
    typeof entry.slug === "string" &&
    typeof entry.id === "string" &&
    typeof entry.title === "string"
  );
}

export function recentOf(user: string, tenant: string): Recent[] {
  try {
    const held: unknown = JSON.parse(localStorage.getItem(keyOf(user, tenant)) ?? "[]");
    return Array.isArray(held) ? held.filter(isRecent) : [];
  } catch {
    return [];
  }
}

/** The list with `entry` at its head, once. */
export function withRecent(list: readonly Recent[], entry: Recent): Recent[] {
  const others = list.filter((each) => each.slug !== entry.slug || each.id !== entry.id);
  return [entry, ...others].slice(0, MOST);
}

function store(user: string, tenant: string, list: readonly Recent[]): void {
  try {
    localStorage.setItem(keyOf(user, tenant), JSON.stringify(list));
  } catch {
    // Then nothing is recent.
  }
}

export function remember(user: string, tenant: string, entry: Recent): void {
  store(user, tenant, withRecent(recentOf(user, tenant), entry));
}

/** A record that is gone is not offered again. */
export function forget(user: string, tenant: string, slug: string, id: string): void {
  const list = recentOf(user, tenant);
  store(
    user,
    tenant,
    list.filter((each) => each.slug !== slug || each.id !== id),
  );
}

/** Notes each record that is opened. Once, when the app starts. */
export function watchRecords(client: QueryClient): () => void {
  return client.getQueryCache().subscribe((event) => {
    const arrived = event.type === "updated" && event.action.type === "success";
    if (!arrived && event.type !== "observerAdded") return;
    const [kind, tenant, slug, what, id] = event.query.queryKey as readonly unknown[];
    if (kind !== "docs" || what !== "one" || event.query.getObserversCount() === 0) return;
    if (typeof tenant !== "string" || typeof slug !== "string" || typeof id !== "string") return;
    // Documents are also fetched for other ends; what is looked at is in the address.
    if (!window.location.href.includes(id)) return;
    const user = client.getQueryData<User | null>(meOptions.queryKey);
    const doc = event.query.state.data as Doc | undefined;
    if (!user || !doc) return;
    const schema = client.getQueryData<Schema>(["schema", tenant]);
    const definition = schema?.collections.find((each) => each.slug === slug);
    if (!definition) return;
    remember(user.id, tenant, { slug, id, title: titleOf(definition, doc), at: Date.now() });
  });
}
