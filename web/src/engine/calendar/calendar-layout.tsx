/** PLACEHOLDER: replace this file. */
export function CalendarLayout(_: unknown) {
  return null;
}
