/** Whether anybody has ever registered here. */
import { queryOptions } from "@tanstack/react-query";
import { request } from "@/lib/request";

export const initOptions = queryOptions({
  queryKey: ["init"],
  queryFn: () => request<{ initialized: boolean }>("GET", "/api/users/init", { tenant: null }),
  staleTime: Number.POSITIVE_INFINITY,
});
