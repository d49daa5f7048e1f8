/** Says that a document was made, with the way to it. */
import { useLingui } from "@lingui/react/macro";
import type { Definition, Doc } from "@/engine/definitions";
import { useOpenRecord } from "@/engine/record-link";
import { titleOf } from "@/engine/titles";
import { label } from "@/lib/i18n";
import { toast } from "@/ui/toast";

export function useCreated(definition: Definition): (doc: Doc) => void {
  const { t } = useLingui();
  const open = useOpenRecord();
  return (doc) => {
    const name = label(definition.labels.singular);
    const full = titleOf(definition, doc);
    const title = full.length > 60 ? `${full.slice(0, 59)}…` : full;
    toast({
      title: t`${name} “${title}” was created`,
      tone: "good",
      action: { label: t`Open`, onSelect: () => open(definition.slug, doc.id), undoes: false },
    });
  };
}
