/** Spanish for the labels that definitions bring along. */
export const labels: Readonly<Record<string, string>> = {};
