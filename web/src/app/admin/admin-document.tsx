/** PLACEHOLDER until its owner writes it: replace this file. */
export function Component() { return null; }
