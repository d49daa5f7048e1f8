/** The frame before anything is known, so that nothing jumps when it is. */
import { Skeleton } from "@/ui/skeleton";

export function ShellSkeleton() {
  return (
    <div className="flex h-full phone:flex-col" aria-busy="true">
      <div className="flex w-[228px] shrink-0 flex-col gap-2 border-r border-line bg-side p-3 phone:hidden">
        {[24, 32, 20, 20, 20, 20].map((height, at) => (
          <Skeleton key={at} className="w-full" style={{ height }} />
        ))}
      </div>
      <PageSkeleton />
    </div>
  );
}

export function PageSkeleton() {
  return (
    <div className="grow bg-bg" aria-busy="true">
      <div className="flex h-12 items-center border-b border-line px-4">
        <Skeleton className="h-4 w-32" />
      </div>
      <div className="grid gap-4 p-4">
        {Array.from({ length: 8 }, (_, at) => (
          <Skeleton key={at} className="h-4 w-full" />
        ))}
      </div>
    </div>
  );
}
