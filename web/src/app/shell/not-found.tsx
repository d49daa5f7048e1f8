/** An address that leads nowhere. */
import { Problem } from "@/lib/problem";
import { ErrorState } from "@/ui/empty";

export function Component() {
  return <ErrorState page error={new Problem("missing", "There is no page at this address.")} />;
}
