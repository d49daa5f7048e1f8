/** The data admin: every collection, raw, for owners and admins. */
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Outlet, useNavigate, useParams, useSearchParams } from "react-router";
import { CollectionList } from "@/app/admin/collection-list";
import type { Scope } from "@/app/admin/scope";
import { type Definition, schemaOptions } from "@/engine/definitions";
import { isAdmin, useSession } from "@/engine/session";
import { useCommands } from "@/lib/keyboard";
import { Problem } from "@/lib/problem";
import { Combobox } from "@/ui/combobox";
import { ErrorState } from "@/ui/empty";
import { PageHeader } from "@/ui/page-header";
import { Select } from "@/ui/select";
import { Skeleton } from "@/ui/skeleton";

export function Component() {
  const { t } = useLingui();
  const [params] = useSearchParams();
  const { tenants } = useSession();
  const asked = params.get("tenant");
  const tenant = tenants.some((each) => each.id === asked) ? asked : null;
  const schema = useQuery(schemaOptions(tenant));
  const role = schema.data?.role;
  return (
    <>
      <PageHeader title={t`Data admin`}>
        <TenantChoice value={tenant} />
      </PageHeader>
      {schema.error ? (
        <ErrorState error={schema.error} onRetry={() => void schema.refetch()} />
      ) : !schema.data ? (
        <div className="grid gap-3 p-4">
          {Array.from({ length: 10 }, (_, at) => (
            <Skeleton key={at} className="h-4 w-full" />
          ))}
        </div>
      ) : !role || !isAdmin(role) ? (
        <ErrorState error={new Problem("forbidden", "Only admins and owners see raw data.")} />
      ) : (
        <Frame scope={{ tenant, schema: schema.data }} />
      )}
    </>
  );
}

function Frame({ scope }: { scope: Scope }) {
  const collections = scope.schema.collections.filter((each) => each.permissions.read);
  useGoCommands(collections);
  return (
    <div className="flex min-h-0 grow phone:flex-col">
      <CollectionList collections={collections} tenant={scope.tenant} />
      <PhoneChoice collections={collections} />
      <div className="flex min-h-0 min-w-0 grow flex-col">
        <Outlet context={scope} />
      </div>
    </div>
  );
}

function useGoCommands(collections: readonly Definition[]): void {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const tenant = params.get("tenant");
  useCommands(
    collections.map(({ slug, labels }) => ({
      id: `admin.${slug}`,
      title: t`Raw data: ${labels.plural}`,
      group: t`Data admin`,
      keywords: slug,
      run: () =>
        void navigate({ pathname: `/admin/${slug}`, search: tenant ? `?tenant=${tenant}` : "" }),
    })),
  );
}

/** Everything within reach, or one tenant. */
function TenantChoice({ value }: { value: string | null }) {
  const { t } = useLingui();
  const { tenants } = useSession();
  const [, setParams] = useSearchParams();
  const choose = (tenant: string | null) =>
    setParams((params) => {
      if (tenant) params.set("tenant", tenant);
      else params.delete("tenant");
      params.delete("page");
      return params;
    });
  const options = tenants.map(({ id, name, slug }) => ({ value: id, label: name, detail: slug }));
  return (
    <div className="w-[260px] phone:w-[180px]">
      <Combobox
        dense
        clearable
        aria-label={t`Tenant`}
        placeholder={t`Every tenant (${tenants.length})`}
        options={options}
        value={value}
        onChange={choose}
      />
    </div>
  );
}

function PhoneChoice({ collections }: { collections: readonly Definition[] }) {
  const { t } = useLingui();
  const { collection } = useParams();
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const tenant = params.get("tenant");
  return (
    <div className="border-b border-line p-2 desk:hidden">
      <Select
        aria-label={t`Collection`}
        options={collections.map((each) => ({ value: each.slug, label: each.slug }))}
        value={collection ?? null}
        onChange={(slug) =>
          slug &&
          void navigate({ pathname: `/admin/${slug}`, search: tenant ? `?tenant=${tenant}` : "" })
        }
      />
    </div>
  );
}
