/** Ends the session here and forgets everything that was read with it. */

import { t } from "@lingui/core/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { meOptions } from "@/engine/session";
import { asProblem } from "@/lib/problem";
import { request, standIn } from "@/lib/request";
import { toast } from "@/ui/toast";

export function useSignOut(): (everywhere?: boolean) => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async (everywhere = false) => {
    try {
      const query = everywhere ? { allSessions: true } : {};
      await request("POST", "/api/users/logout", { query, tenant: null });
    } catch (thrown) {
      toast.error(t`You are still signed in`, asProblem(thrown));
      return;
    }
    standIn(null);
    await navigate("/login", { replace: true });
    client.clear();
    client.setQueryData(meOptions.queryKey, null);
  };
}
