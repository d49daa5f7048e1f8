/** One raw document: its fields as JSON, or all of it as one text. */
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { ChevronLeft } from "lucide-react";
import { Link, useParams } from "react-router";
import { DocumentActions } from "@/app/admin/document-actions";
import { Editor } from "@/app/admin/editor";
import { rawOneOptions } from "@/app/admin/queries";
import { blank } from "@/app/admin/raw";
import { useAdminDefinition, useAdminPath, useScope } from "@/app/admin/scope";
import type { Definition } from "@/engine/definitions";
import { useSession } from "@/engine/session";
import { titleOf } from "@/engine/titles";
import { Problem } from "@/lib/problem";
import { Badge } from "@/ui/badge";
import { ErrorState } from "@/ui/empty";
import { Skeleton } from "@/ui/skeleton";

export function Component() {
  const { collection, id = "" } = useParams();
  const definition = useAdminDefinition(collection);
  if (!definition)
    return <ErrorState error={new Problem("missing", "There is no such collection.")} />;
  if (id === "new") return <Fresh key={definition.slug} definition={definition} />;
  return <Existing key={id} definition={definition} id={id} />;
}

function Fresh({ definition }: { definition: Definition }) {
  const { t } = useLingui();
  const { tenant } = useScope();
  const session = useSession();
  if (!definition.permissions.create) {
    return <ErrorState error={new Problem("forbidden", "Your role does not create these.")} />;
  }
  return (
    <>
      <Head slug={definition.slug} title={t`New document`} />
      <Editor
        definition={definition}
        start={blank(definition, tenant ?? session.tenant.id)}
        id={null}
      />
    </>
  );
}

function Existing({ definition, id }: { definition: Definition; id: string }) {
  const { t } = useLingui();
  const { tenant } = useScope();
  const found = useQuery(rawOneOptions(tenant, definition.slug, id));
  if (found.error) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) {
    return (
      <div className="grid gap-3 p-4" aria-busy="true">
        {Array.from({ length: 10 }, (_, at) => (
          <Skeleton key={at} className="h-4 w-full" />
        ))}
      </div>
    );
  }
  const doc = found.data;
  const trashed = Boolean(doc.deletedAt);
  return (
    <>
      <Head
        slug={definition.slug}
        title={titleOf(definition, doc)}
        badge={trashed ? t`In the trash` : null}
      >
        <DocumentActions definition={definition} doc={doc} />
      </Head>
      {/* What is written by others starts the form afresh; what is typed here is kept until it is saved. */}
      <Editor key={doc.updatedAt} definition={definition} start={doc} id={id} trashed={trashed} />
    </>
  );
}

function Head({
  slug,
  title,
  badge,
  children,
}: {
  slug: string;
  title: string;
  badge?: string | null;
  children?: React.ReactNode;
}) {
  const { t } = useLingui();
  const path = useAdminPath();
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
      <Link
        to={path(slug)}
        aria-label={t`Back to ${slug}`}
        className="inline-flex h-7 items-center gap-1 rounded-control px-1.5 font-mono text-12 text-muted hover:bg-hover hover:text-fg coarse:min-h-11"
      >
        <ChevronLeft size={14} aria-hidden /> {slug}
      </Link>
      <h2 className="min-w-0 truncate font-semibold">{title}</h2>
      {badge && (
        <Badge hue={25} dot>
          {badge}
        </Badge>
      )}
      <span className="grow" />
      {children}
    </div>
  );
}
