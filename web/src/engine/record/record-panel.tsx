/** A record beside the page one is on, as `?open=collection:id` says. */
import { useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import { useCallback } from "react";
import { useLocation, useSearchParams } from "react-router";
import { RecordView } from "@/engine/record/record-view";
import { useSession } from "@/engine/session";
import { label } from "@/lib/i18n";
import { usePhone } from "@/lib/media";
import { Problem } from "@/lib/problem";
import { IconButton } from "@/ui/button";
import { ErrorState } from "@/ui/empty";
import { SidePanel } from "@/ui/panel";

/** `contacts:0190…`; anything else is no record. */
export function readOpen(text: string): { slug: string; id: string } {
  const at = text.indexOf(":");
  return { slug: text.slice(0, Math.max(at, 0)), id: text.slice(at + 1) };
}

export function RecordPanel() {
  const { t } = useLingui();
  const phone = usePhone();
  const { schema } = useSession();
  const [params, setParams] = useSearchParams();
  const { slug, id } = readOpen(params.get("open") ?? "");
  const here = useHere();
  const definition = schema.collections.find((each) => each.slug === slug);
  const show = useCallback(
    (open: string | null) =>
      setParams(
        (former) => {
          const next = new URLSearchParams(former);
          if (open) next.set("open", open);
          else next.delete("open");
          return next;
        },
        { replace: true, preventScrollReset: true },
      ),
    [setParams],
  );
  const close = () => show(null);
  const name = definition ? label(definition.labels.singular) : t`Record`;
  return (
    <SidePanel open modal={phone} label={name} onOpenChange={(open) => !open && close()}>
      {definition?.permissions.read ? (
        <RecordView
          key={slug}
          definition={definition}
          id={id}
          variant="panel"
          here={here}
          listening
          onOpen={(next) => show(`${slug}:${next}`)}
          onLeave={close}
          onClose={close}
        />
      ) : (
        <div className="relative h-full">
          <IconButton label={t`Close`} className="absolute right-3 top-3" onClick={close}>
            <X size={16} />
          </IconButton>
          <ErrorState error={new Problem(definition ? "forbidden" : "missing", "")} />
        </div>
      )}
    </SidePanel>
  );
}

/** The address below the panel. */
function useHere(): string {
  const { pathname, search } = useLocation();
  const params = new URLSearchParams(search);
  params.delete("open");
  const rest = params.toString();
  return rest ? `${pathname}?${rest}` : pathname;
}
