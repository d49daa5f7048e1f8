/** What runs here, and the way to build upon it. */
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { BookOpen, ExternalLink, FileJson } from "lucide-react";
import type { ReactNode } from "react";
import { Row, Rows, Section } from "@/app/settings/parts";
import { useSession } from "@/engine/session";
import { request } from "@/lib/request";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { toast } from "@/ui/toast";

export function About() {
  const { t } = useLingui();
  const { tenant } = useSession();
  const health = useQuery({
    queryKey: ["readyz"],
    queryFn: ({ signal }) =>
      request<{ status: string; version?: string }>("GET", "/api/readyz", { signal, tenant: null }),
    retry: false,
  });
  const build = document.querySelector<HTMLMetaElement>('meta[name="app-build"]')?.content;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(tenant.id);
      toast({ title: t`Copied` });
    } catch {
      toast({ title: t`Your browser does not let us copy`, tone: "bad" });
    }
  };
  return (
    <Section
      title={t`API and version`}
      lead={t`Everything this app does goes through the public API. So can yours.`}
    >
      <Rows>
        <Row label={t`API reference`} hint={t`Every route with examples to copy.`}>
          <Outside href="/api/docs" icon={<BookOpen size={15} aria-hidden />}>{t`Open`}</Outside>
        </Row>
        <Row label="OpenAPI 3.1" hint={t`To generate a client in your language.`}>
          <Outside
            href="/api/openapi.json"
            icon={<FileJson size={15} aria-hidden />}
          >{t`Open`}</Outside>
        </Row>
        <Row label={t`Id of this account`} hint={<code>{tenant.id}</code>}>
          <Button onClick={() => void copy()}>{t`Copy`}</Button>
        </Row>
      </Rows>
      <Rows>
        <Row label={t`Server`} hint={health.data?.version}>
          {health.isPending ? null : health.error ? (
            <Badge hue={25} dot>{t`Does not answer`}</Badge>
          ) : (
            <Badge hue={155} dot>{t`Running`}</Badge>
          )}
        </Row>
        <Row label={t`Build of the app`} hint={<code>{build ?? t`development`}</code>} />
      </Rows>
    </Section>
  );
}

function Outside({ href, icon, children }: { href: string; icon: ReactNode; children: string }) {
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener"
      className="inline-flex h-7 items-center gap-1.5 rounded-control bg-raise px-2.5 font-medium shadow-control hover:bg-hover coarse:min-h-11"
    >
      {icon}
      {children}
      <ExternalLink size={13} aria-hidden className="text-faint" />
    </a>
  );
}
