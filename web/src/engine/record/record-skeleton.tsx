/** The shape of a record that is on its way. */
import { Skeleton } from "@/ui/skeleton";

export function RecordSkeleton({ wide }: { wide: boolean }) {
  return (
    <div className="grow p-5" aria-busy="true">
      <div className="flex items-center gap-3">
        <Skeleton className="size-10 rounded-full" />
        <Skeleton className="h-5 w-56" />
      </div>
      <div className="mt-8 flex gap-10">
        <div className="grid grow content-start gap-4">
          {Array.from({ length: 7 }, (_, at) => (
            <Skeleton key={at} className="h-4" style={{ width: `${90 - at * 7}%` }} />
          ))}
        </div>
        {wide && (
          <div className="grid w-[320px] content-start gap-4 max-[1100px]:hidden">
            {Array.from({ length: 9 }, (_, at) => (
              <Skeleton key={at} className="h-4" />
            ))}
          </div>
        )}
      </div>
    </div>
  );
}
