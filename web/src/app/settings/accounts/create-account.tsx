/** A new account below this one: a name, then its own questions. */
import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useId, useMemo } from "react";
import { useNavigate } from "react-router";
import { z } from "zod";
import { FormProblem, Line, useFormState } from "@/app/forms/line";
import { useServerForm } from "@/app/forms/server-form";
import type { Doc } from "@/engine/definitions";
import { type Tenant, tenantsOptions, useSession, workspaceOf } from "@/engine/session";
import { request } from "@/lib/request";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Input } from "@/ui/field";

export function CreateAccount({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const { tenant } = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const id = useId();
  const agency = tenant.kind === "platform";
  const check = useMemo(
    () => z.object({ name: z.string().trim().min(1, t`Enter a name.`).max(200) }),
    [t],
  );
  const form = useServerForm({
    defaults: { name: "" },
    check,
    // A taken slug is a taken name to whoever types names.
    rename: { slug: "name" },
    save: async ({ name }) => {
      const answer = await request<{ doc: Doc & Tenant }>("POST", "/api/tenants", {
        body: { name: name.trim(), parent: tenant.id, kind: agency ? "agency" : "account" },
        query: { depth: 0 },
      });
      const tenants = await client.fetchQuery({ ...tenantsOptions, staleTime: 0 });
      const made = tenants.find((each) => each.id === answer.doc.id);
      onClose();
      if (made) await navigate(`/w/${workspaceOf(made, tenants)}/setup`);
    },
  });
  const { busy } = useFormState(form);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="sm"
      title={agency ? t`New agency` : t`New account`}
      description={t`It starts empty; the next page sets it up for its trade.`}
      footer={
        <>
          <Button onClick={onClose}>{t`Cancel`}</Button>
          <Button type="submit" form={id} variant="primary" pending={busy}>
            {t`Create and set up`}
          </Button>
        </>
      }
    >
      <form id={id} noValidate onSubmit={form.submit} className="grid gap-4 pt-1">
        <FormProblem of={form} />
        <Line of={form} name="name" label={agency ? t`Name of the agency` : t`Name of the client`}>
          {({ native }) => <Input {...native} autoComplete="off" autoFocus />}
        </Line>
      </form>
    </Dialog>
  );
}
