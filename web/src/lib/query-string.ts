/** Nested values as the API reads them: `where[name][like]=ana&sort=-createdAt`. */

export type QueryValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly QueryValue[]
  | { readonly [key: string]: QueryValue };

export function queryString(query: Record<string, QueryValue>): string {
  const pairs: string[] = [];
  for (const [key, value] of Object.entries(query)) append(pairs, encodeURIComponent(key), value);
  return pairs.join("&");
}

function append(pairs: string[], path: string, value: QueryValue): void {
  if (value === undefined) return;
  if (value === null) pairs.push(`${path}=null`);
  else if (typeof value !== "object") pairs.push(`${path}=${encodeURIComponent(String(value))}`);
  else {
    for (const [key, inner] of Object.entries(value)) {
      append(pairs, `${path}[${encodeURIComponent(key)}]`, inner as QueryValue);
    }
  }
}
