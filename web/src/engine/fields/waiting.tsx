/** Holds the place of an editor whose code is on its way. */

export function Waiting() {
  return <span aria-busy="true" className="block h-7 w-full" />;
}
