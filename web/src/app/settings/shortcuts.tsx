/** The keys of every command, and other ones for them. */
import { useLingui } from "@lingui/react/macro";
import { Section } from "@/app/settings/parts";
import { ShortcutEditor } from "@/app/shortcuts/editor";

export function Shortcuts() {
  const { t } = useLingui();
  return (
    <Section
      title={t`Shortcuts`}
      lead={t`Bind any command to the keys you like. They follow you to every device.`}
    >
      <ShortcutEditor />
    </Section>
  );
}
