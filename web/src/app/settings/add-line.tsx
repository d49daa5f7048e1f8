/** The last line of a list: type a name, press Enter, type the next. */
import { useLingui } from "@lingui/react/macro";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/ui/button";

export function AddLine({
  label,
  placeholder,
  onAdd,
}: {
  label: string;
  placeholder: string;
  /** Resolves to whether it was made; what was typed stays when it was not. */
  onAdd: (name: string) => Promise<boolean>;
}) {
  const { t } = useLingui();
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    const text = name.trim();
    if (!text || busy) return;
    setBusy(true);
    if (await onAdd(text)) setName("");
    setBusy(false);
  };
  return (
    <form
      className="flex items-center gap-2 px-3 py-2"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Plus size={15} aria-hidden className="ml-1 shrink-0 text-faint" />
      <input
        aria-label={label}
        placeholder={placeholder}
        value={name}
        maxLength={120}
        className="h-7 min-w-0 grow bg-transparent px-1 outline-none coarse:h-11 phone:text-[16px]"
        onChange={(event) => setName(event.target.value)}
      />
      {name.trim() !== "" && (
        <Button type="submit" size="sm" pending={busy}>
          {t`Add`}
        </Button>
      )}
    </form>
  );
}
