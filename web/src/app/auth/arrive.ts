/** From a sign-in that succeeded to the page one came for. */
import { t } from "@lingui/core/macro";
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useNavigate } from "react-router";
import { meOptions, type User } from "@/engine/session";
import { Problem } from "@/lib/problem";

/** Forgets whatever another person read in this tab, and asks who we are now. */
export async function meet(client: QueryClient): Promise<User> {
  // Not whether anyone has registered: the page that asked is still shown, and must not turn away now.
  client.removeQueries({
    predicate: ({ queryKey }) => queryKey[0] !== "init" && queryKey[0] !== "me",
  });
  const user = await client.fetchQuery({ ...meOptions, staleTime: 0 });
  if (user) return user;
  const message = t`You were let in, but your browser keeps no cookies from this site. Allow them and try again.`;
  throw new Problem("forbidden", message);
}

export function useArrive(): (to: string) => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useCallback(
    async (to) => {
      await meet(client);
      await navigate(to, { replace: true });
    },
    [client, navigate],
  );
}
