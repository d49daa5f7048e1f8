/** Who already has the email address being typed. */
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { UserRoundSearch } from "lucide-react";
import { useEffect, useState } from "react";
import type { Definition } from "@/engine/definitions";
import { listOptions } from "@/engine/documents";
import { RecordLink } from "@/engine/record-link";
import { titleOf } from "@/engine/titles";

const REST = 250;
const FEW = 3;

/** A value once it has rested. */
function useRested(value: string): string {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), REST);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

export function Twins({
  definition,
  name,
  value,
  onOpen,
}: {
  definition: Definition;
  /** The field that holds the address. */
  name: string;
  value: unknown;
  /** Somebody goes to see one of them. */
  onOpen: () => void;
}) {
  const { t } = useLingui();
  const email = useRested(typeof value === "string" ? value.trim().toLowerCase() : "");
  const whole = /^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(email);
  const { data } = useQuery({
    ...listOptions(definition.slug, {
      where: { [name]: { equals: email } },
      select: { [definition.title]: true, [name]: true },
      limit: FEW,
      depth: 0,
      pagination: false,
    }),
    placeholderData: undefined,
    enabled: whole,
  });
  if (!whole || !data || data.docs.length === 0) return null;
  return (
    <div
      role="status"
      className="mt-1.5 flex gap-2 rounded-control bg-warn-tint px-2.5 py-2 text-12 text-warn"
    >
      <UserRoundSearch size={14} aria-hidden className="mt-0.5 shrink-0" />
      <div className="min-w-0">
        <p>{t`This address is already known:`}</p>
        <ul className="flex flex-wrap gap-x-3">
          {data.docs.map((doc) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the link inside is what is clicked, by keys too
            <li key={doc.id} onClick={onOpen} className="min-w-0">
              <RecordLink
                slug={definition.slug}
                id={doc.id}
                className="font-semibold underline underline-offset-2"
              >
                {titleOf(definition, doc)}
              </RecordLink>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
