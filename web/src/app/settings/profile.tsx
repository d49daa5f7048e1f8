/** Oneself: name, language, zone, email address and password. */
import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { z } from "zod";
import { useLeaveGuard } from "@/app/forms/leave-guard";
import { FormProblem, Line, useFormState } from "@/app/forms/line";
import { zoneLabel } from "@/app/forms/places";
import { useServerForm } from "@/app/forms/server-form";
import { EmailDialog, PasswordDialog } from "@/app/settings/credentials";
import { FormSheet, Row, Rows, SaveButtons, Section } from "@/app/settings/parts";
import { LanguageInput, ZoneInput } from "@/app/settings/place-inputs";
import { keys } from "@/engine/documents";
import { meOptions, useSession } from "@/engine/session";
import { languageOf, speak } from "@/lib/i18n";
import { setLook } from "@/lib/look";
import { request } from "@/lib/request";
import { Button } from "@/ui/button";
import { Input } from "@/ui/field";
import { toast } from "@/ui/toast";

export function Profile() {
  const { t } = useLingui();
  const { user } = useSession();
  const [asking, setAsking] = useState<"email" | "password" | null>(null);
  const close = () => setAsking(null);
  return (
    <Section title={t`Profile`} lead={t`How others see you, and how you see dates and words.`}>
      {/* A new answer from the server starts the form afresh. */}
      <About key={`${user.name}|${user.locale}|${user.timezone}`} />
      <Rows title={t`Signing in`}>
        <Row label={t`Email address`} hint={user.email}>
          <Button onClick={() => setAsking("email")}>{t`Change…`}</Button>
        </Row>
        <Row label={t`Password`} hint={t`Changing it ends all your other sessions.`}>
          <Button onClick={() => setAsking("password")}>{t`Change…`}</Button>
        </Row>
      </Rows>
      {asking === "email" && <EmailDialog onClose={close} />}
      {asking === "password" && <PasswordDialog onClose={close} />}
    </Section>
  );
}

function About() {
  const { t, i18n } = useLingui();
  const { user } = useSession();
  const client = useQueryClient();
  const check = useMemo(
    () =>
      z.object({
        name: z.string().trim().min(1, t`Enter your name.`).max(200),
        locale: z.string(),
        timezone: z.string(),
      }),
    [t],
  );
  const form = useServerForm({
    defaults: { name: user.name, locale: user.locale ?? "", timezone: user.timezone ?? "" },
    check,
    save: async ({ name, locale, timezone }) => {
      const body = { name: name.trim(), locale: locale || null, timezone: timezone || null };
      await request("PATCH", `/api/users/${user.id}`, { body, query: { depth: 0 } });
      if (locale) {
        setLook({ locale });
        await speak(languageOf(locale));
      }
      await client.invalidateQueries({ queryKey: meOptions.queryKey });
      void client.invalidateQueries({ queryKey: keys.collection("users") });
      toast({ title: t`Profile saved`, tone: "good" });
    },
  });
  const { busy, dirty } = useFormState(form);
  useLeaveGuard(dirty && !busy);
  const browser = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <FormSheet
      onSubmit={form.submit}
      footer={<SaveButtons dirty={dirty} busy={busy} onReset={() => form.form.reset()} />}
    >
      <FormProblem of={form} />
      <Line of={form} name="name" label={t`Name`} required>
        {({ native }) => <Input {...native} autoComplete="name" />}
      </Line>
      <div className="grid grid-cols-2 gap-4 phone:grid-cols-1">
        <Line of={form} name="locale" label={t`Language`}>
          {({ wiring, value, set }) => (
            <LanguageInput
              {...wiring}
              value={value}
              onChange={set}
              clearable
              placeholder={t`As the account`}
            />
          )}
        </Line>
        <Line of={form} name="timezone" label={t`Time zone`}>
          {({ wiring, value, set }) => (
            <ZoneInput
              {...wiring}
              value={value}
              onChange={set}
              clearable
              placeholder={t`As the browser: ${zoneLabel(browser, i18n.locale)}`}
            />
          )}
        </Line>
      </div>
    </FormSheet>
  );
}
