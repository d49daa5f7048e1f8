/** Where one is signed in, and the end of it. */
import { useLingui } from "@lingui/react/macro";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Laptop, Smartphone } from "lucide-react";
import { RowsSkeleton, Section } from "@/app/settings/parts";
import { deviceOf } from "@/app/settings/user-agent";
import { useSignOut } from "@/app/shell/sign-out";
import { formatInstant, formatRelative } from "@/lib/format";
import { asProblem } from "@/lib/problem";
import { request } from "@/lib/request";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { confirm } from "@/ui/confirm";
import { ErrorState } from "@/ui/empty";
import { toast } from "@/ui/toast";

type SessionRow = {
  id: string;
  createdAt: string;
  expiresAt: string;
  ip: string;
  userAgent: string;
  current: boolean;
};

const sessionsOptions = queryOptions({
  queryKey: ["sessions"],
  queryFn: async ({ signal }) =>
    (await request<{ docs: SessionRow[] }>("GET", "/api/users/sessions", { signal, tenant: null }))
      .docs,
  staleTime: 0,
});

export function Sessions() {
  const { t } = useLingui();
  const sessions = useQuery(sessionsOptions);
  const signOut = useSignOut();
  const everywhere = async () => {
    const sure = await confirm({
      title: t`Sign out everywhere?`,
      body: t`Every session ends, this one too. You sign in again with your password.`,
      action: t`Sign out everywhere`,
      danger: true,
    });
    if (sure) await signOut(true);
  };
  const rows = [...(sessions.data ?? [])].sort(
    (a, b) => Number(b.current) - Number(a.current) || b.createdAt.localeCompare(a.createdAt),
  );
  return (
    <Section
      title={t`Sessions`}
      lead={t`Where you are signed in. End those you do not know, then change your password.`}
      actions={<Button onClick={() => void everywhere()}>{t`Sign out everywhere`}</Button>}
    >
      {sessions.isPending ? (
        <RowsSkeleton count={3} />
      ) : sessions.error ? (
        <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />
      ) : (
        <ul className="divide-y divide-line rounded-panel bg-raise shadow-card">
          {rows.map((row) => (
            <SessionItem key={row.id} row={row} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function SessionItem({ row }: { row: SessionRow }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: () => request("DELETE", `/api/users/sessions/${row.id}`, { tenant: null }),
    onMutate: async () => {
      await client.cancelQueries({ queryKey: sessionsOptions.queryKey });
      const former = client.getQueryData(sessionsOptions.queryKey);
      client.setQueryData(sessionsOptions.queryKey, (rows) =>
        rows?.filter((each) => each.id !== row.id),
      );
      return { former };
    },
    onError: (error, _, context) => {
      client.setQueryData(sessionsOptions.queryKey, context?.former);
      toast.error(t`The session goes on`, asProblem(error));
    },
    onSuccess: () => toast({ title: t`Session ended` }),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsOptions.queryKey }),
  });
  const { browser, system, handheld } = deviceOf(row.userAgent);
  const Icon = handheld ? Smartphone : Laptop;
  const name =
    browser && system ? t`${browser} on ${system}` : (browser ?? system ?? t`Unknown device`);
  return (
    <li className="flex items-center gap-3.5 px-4 py-3">
      <Icon size={18} aria-hidden className="shrink-0 text-muted" />
      <div className="min-w-0 grow">
        <div className="flex items-center gap-2">
          <span className="truncate font-medium">{name}</span>
          {row.current && <Badge hue={155} dot>{t`This device`}</Badge>}
        </div>
        <div className="truncate text-12 text-muted" title={row.userAgent}>
          {row.ip} · {t`signed in ${formatRelative(row.createdAt)}`}
          <span className="phone:hidden"> · {t`until ${formatInstant(row.expiresAt)}`}</span>
        </div>
      </div>
      {!row.current && (
        <Button
          aria-label={t`End the session of ${name}, ${row.ip}`}
          pending={end.isPending}
          onClick={() => end.mutate()}
        >
          {t`End`}
        </Button>
      )}
    </li>
  );
}
