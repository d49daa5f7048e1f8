/** Theme, density and language: at once, on this device and with the account. */
import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Monitor, Moon, Sun } from "lucide-react";
import { Row, Rows, Section } from "@/app/settings/parts";
import { usePreferences } from "@/engine/preferences";
import { meOptions, type User, useSession } from "@/engine/session";
import { LANGUAGES, type Language, languageOf, speak } from "@/lib/i18n";
import { type Density, setLook, type Theme, useLook } from "@/lib/look";
import { asProblem } from "@/lib/problem";
import { request } from "@/lib/request";
import { Segmented } from "@/ui/segmented";
import { toast } from "@/ui/toast";

export function Appearance() {
  const { t } = useLingui();
  const look = useLook();
  const [, setPreferences] = usePreferences();
  const setTheme = (theme: Theme) => {
    setLook({ theme });
    setPreferences({ theme });
  };
  const setDensity = (density: Density) => {
    setLook({ density });
    setPreferences({ density });
  };
  const themes = [
    { value: "system", label: t`System`, icon: <Monitor size={14} aria-hidden /> },
    { value: "light", label: t`Light`, icon: <Sun size={14} aria-hidden /> },
    { value: "dark", label: t`Dark`, icon: <Moon size={14} aria-hidden /> },
  ] as const;
  const densities = [
    { value: "compact", label: t`Compact` },
    { value: "default", label: t`Default` },
    { value: "roomy", label: t`Roomy` },
  ] as const;
  return (
    <Section title={t`Appearance`} lead={t`Takes effect at once, wherever you are signed in.`}>
      <Rows>
        <Row label={t`Theme`} hint={t`System follows your device by day and night.`}>
          <Segmented label={t`Theme`} options={themes} value={look.theme} onChange={setTheme} />
        </Row>
        <Row label={t`Density`} hint={t`How high the rows of lists are.`}>
          <Segmented
            label={t`Density`}
            options={densities}
            value={look.density}
            onChange={setDensity}
          />
        </Row>
        <Row label={t`Language`} hint={t`Of the app. What your team writes stays as it is.`}>
          <LanguageChoice />
        </Row>
      </Rows>
      <Sample />
    </Section>
  );
}

function LanguageChoice() {
  const { t, i18n } = useLingui();
  const { user } = useSession();
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (locale: Language) =>
      request("PATCH", `/api/users/${user.id}`, { body: { locale }, query: { depth: 0 } }),
    onError: (error) => toast.error(t`Not saved`, asProblem(error)),
    onSettled: () => client.invalidateQueries({ queryKey: meOptions.queryKey }),
  });
  const choose = (locale: Language) => {
    setLook({ locale });
    void speak(locale);
    client.setQueryData<User | null>(meOptions.queryKey, (me) => me && { ...me, locale });
    save.mutate(locale);
  };
  return (
    <Segmented
      label={t`Language`}
      options={LANGUAGES}
      value={languageOf(user.locale, i18n.locale)}
      onChange={choose}
    />
  );
}

/** Rows as a list would draw them, so that density is seen where it is chosen. */
function Sample() {
  const { t } = useLingui();
  const rows = [
    [t`First contact`, t`Lead`],
    [t`Proposal sent`, t`Proposal`],
    [t`Signed`, t`Won`],
  ];
  return (
    <div aria-hidden className="overflow-hidden rounded-panel bg-raise shadow-card">
      {rows.map(([name, stage]) => (
        <div
          key={name}
          style={{ height: "var(--row)" }}
          className="flex items-center justify-between border-b border-line px-4 last:border-0"
        >
          <span className="font-medium">{name}</span>
          <span className="text-muted">{stage}</span>
        </div>
      ))}
    </div>
  );
}
