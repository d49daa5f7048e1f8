/** The cache of server state. What a server event names is refreshed through `engine/documents`. */
import { QueryClient } from "@tanstack/react-query";
import { asProblem } from "@/lib/problem";

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        gcTime: 10 * 60_000,
        retry: (times, error) => {
          const { passing, wait } = asProblem(error);
          // What the server told when to try again has been tried, or takes too long.
          return times < 2 && passing && wait === null;
        },
        retryDelay: (times) => 400 * 2 ** times,
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  });
}
