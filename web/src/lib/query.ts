/** The cache of server state. What a server event names is refreshed through `engine/documents`. */
import { QueryClient } from "@tanstack/react-query";
import { asProblem } from "@/lib/problem";

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        gcTime: 10 * 60_000,
        retry: (times, error) => times < 2 && asProblem(error).passing,
        retryDelay: (times) => 400 * 2 ** times,
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  });
}
