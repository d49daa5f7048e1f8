/** What a person chose for themselves, kept with their account. */

import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { meOptions, type Preferences, type User, useSession } from "@/engine/session";
import { asProblem } from "@/lib/problem";
import { request } from "@/lib/request";
import { toast } from "@/ui/toast";

/** The preferences and a setter that lays a change over them, at once and on the server. */
export function usePreferences(): [Preferences, (change: Preferences) => void] {
  const { user } = useSession();
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (preferences: Preferences) =>
      request("PATCH", `/api/users/${user.id}`, { body: { preferences }, query: { depth: 0 } }),
    onError: (error) => {
      toast.error(t`Your preference was not saved`, asProblem(error));
      void client.invalidateQueries({ queryKey: meOptions.queryKey });
    },
  });
  const preferences = user.preferences ?? {};
  const change = (patch: Preferences) => {
    const held = client.getQueryData<User | null>(meOptions.queryKey);
    const next = { ...held?.preferences, ...patch };
    client.setQueryData<User | null>(
      meOptions.queryKey,
      (me) => me && { ...me, preferences: next },
    );
    save.mutate(next);
  };
  return [preferences, change];
}
