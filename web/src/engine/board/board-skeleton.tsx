/** The shape of a board before its columns are known. */
import { Skeleton } from "@/ui/skeleton";

const COLUMNS = [3, 4, 2, 3];

export function BoardSkeleton() {
  return (
    <div className="flex min-h-0 grow gap-3 overflow-hidden p-3" aria-busy="true">
      {COLUMNS.map((cards, at) => (
        <div key={at} className="w-[284px] shrink-0 rounded-panel bg-side p-2 phone:w-full">
          <Skeleton className="m-1.5 h-5 w-28" />
          {Array.from({ length: cards }, (_, card) => (
            <Skeleton key={card} className="mt-2 h-24 w-full rounded-card" />
          ))}
        </div>
      ))}
    </div>
  );
}
