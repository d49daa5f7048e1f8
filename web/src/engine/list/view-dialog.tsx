/** The name of a view, and who sees it. */
import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { SavedView } from "@/engine/saved-views";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Input } from "@/ui/field";
import { Switch } from "@/ui/switch";

export function ViewDialog({
  view,
  mayShare,
  onClose,
  onSave,
}: {
  view: SavedView | null;
  mayShare: boolean;
  onClose: () => void;
  onSave: (name: string, shared: boolean) => Promise<void>;
}) {
  const { t } = useLingui();
  const [name, setName] = useState(view?.name ?? "");
  const [shared, setShared] = useState(view?.shared ?? false);
  const ready = name.trim() !== "";
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="sm"
      title={view ? t`Rename the view` : t`Save as a new view`}
      footer={
        <>
          <Button onClick={onClose}>{t`Cancel`}</Button>
          <Button variant="primary" type="submit" form="view-name" disabled={!ready}>
            {t`Save`}
          </Button>
        </>
      }
    >
      <form
        id="view-name"
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void onSave(name.trim(), shared);
        }}
      >
        <Field label={t`Name`} required>
          {(wiring) => (
            <Input
              {...wiring}
              autoFocus
              autoComplete="off"
              maxLength={120}
              placeholder={t`My open leads`}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        {mayShare && (
          <Switch
            checked={shared}
            onCheckedChange={setShared}
            label={t`Everyone in this account sees it`}
          />
        )}
      </form>
    </Dialog>
  );
}
