/** PLACEHOLDER: replace this file. */
export function openCreate(_slug: string, _preset?: Record<string, unknown>): void {}
export function CreateHost() { return null; }
