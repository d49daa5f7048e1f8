/** Color and logo of an account, with what becomes of the color in both themes. */
import { useLingui } from "@lingui/react/macro";
import { ImageUp, Plus, RotateCcw } from "lucide-react";
import { useId, useRef, useState } from "react";
import { useLeaveGuard } from "@/app/forms/leave-guard";
import { ErrorNote } from "@/app/forms/notes";
import { LogoError, type LogoFault, logoOf } from "@/app/settings/account/logo";
import { useOrigin } from "@/app/settings/account/place";
import { useSaveTenant } from "@/app/settings/account/save-tenant";
import { type Verdict, verdictsOf } from "@/app/settings/contrast";
import { Row, Rows } from "@/app/settings/parts";
import { useSession } from "@/engine/session";
import { cx } from "@/lib/cx";
import { formatNumber } from "@/lib/format";
import { asProblem, type Problem } from "@/lib/problem";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { ColorInput } from "@/ui/color-input";
import { toast } from "@/ui/toast";

export function Brand({ may }: { may: boolean }) {
  const { t } = useLingui();
  return (
    <Rows title={t`Brand`}>
      <Logo may={may} />
      <BrandColor may={may} />
    </Rows>
  );
}

function useSaving(): [
  (body: Parameters<ReturnType<typeof useSaveTenant>>[0], done: string) => Promise<boolean>,
  boolean,
  Problem | null,
] {
  const { tenant } = useSession();
  const save = useSaveTenant(tenant.id);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const run: ReturnType<typeof useSaving>[0] = async (body, done) => {
    setBusy(true);
    setProblem(null);
    try {
      await save(body);
      toast({ title: done, tone: "good" });
      return true;
    } catch (thrown) {
      setProblem(asProblem(thrown));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return [run, busy, problem];
}

function Logo({ may }: { may: boolean }) {
  const { t } = useLingui();
  const { tenant, settings } = useSession();
  const origin = useOrigin();
  const [save, busy, problem] = useSaving();
  const [fault, setFault] = useState<LogoFault | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const faults: Record<LogoFault, string> = {
    type: t`Choose a PNG, JPEG or WebP picture.`,
    unreadable: t`This picture cannot be read. Try another one.`,
    size: t`This picture stays too large however small we draw it. Try a simpler one.`,
  };
  const choose = async (chosen: File | undefined) => {
    if (!chosen) return;
    setFault(null);
    try {
      await save({ logo: await logoOf(chosen) }, t`Logo saved`);
    } catch (thrown) {
      setFault(thrown instanceof LogoError ? thrown.fault : "unreadable");
    }
  };
  const from = settings.logo.value ? origin(settings.logo) : null;
  const hint =
    from ?? (settings.logo.value ? t`Set here.` : t`None: the first letters stand for it.`);
  return (
    <div>
      <Row
        leading={<Avatar name={tenant.name} image={settings.logo.value} size={40} square />}
        label={t`Logo`}
        hint={hint}
      >
        {may && (
          <div className="flex gap-2">
            {settings.logo.from?.id === tenant.id && (
              <Button pending={busy} onClick={() => void save({ logo: null }, t`Logo removed`)}>
                {t`Remove`}
              </Button>
            )}
            <Button
              icon={<ImageUp size={15} aria-hidden />}
              pending={busy}
              onClick={() => file.current?.click()}
            >
              {t`Choose a picture`}
            </Button>
            <input
              ref={file}
              type="file"
              tabIndex={-1}
              aria-label={t`Logo`}
              className="hidden"
              accept="image/png,image/jpeg,image/webp"
              onChange={(event) => {
                void choose(event.target.files?.[0]);
                // The same file again must count as a choice.
                event.target.value = "";
              }}
            />
          </div>
        )}
      </Row>
      {fault && (
        <p role="alert" className="px-4 pb-3 text-12 text-danger">
          {faults[fault]}
        </p>
      )}
      {problem && (
        <div className="px-4 pb-3">
          <ErrorNote problem={problem} />
        </div>
      )}
    </div>
  );
}

function BrandColor({ may }: { may: boolean }) {
  const { t } = useLingui();
  const { tenant, settings } = useSession();
  const origin = useOrigin();
  const id = useId();
  const [save, busy, problem] = useSaving();
  const [draft, setDraft] = useState<string | null | undefined>(undefined);
  const shown = draft === undefined ? settings.brandColor.value : draft;
  const verdicts = shown ? verdictsOf(shown) : null;
  const dirty = draft !== undefined && draft !== settings.brandColor.value;
  useLeaveGuard(dirty && !busy);
  const apply = async (brandColor: string | null) => {
    if (await save({ brandColor }, t`Brand color saved`)) setDraft(undefined);
  };
  const from = origin(settings.brandColor);
  return (
    <Row stacked label={<label htmlFor={id}>{t`Brand color`}</label>} hint={from ?? t`Set here.`}>
      <div className="grid gap-4">
        {may && (
          <div className="max-w-[280px]">
            <ColorInput
              id={id}
              value={shown}
              onChange={setDraft}
              aria-describedby={`${id}-verdict`}
              aria-invalid={Boolean(shown) && !verdicts}
            />
          </div>
        )}
        <div id={`${id}-verdict`} aria-live="polite" className="empty:hidden">
          {shown && !verdicts && (
            <p className="text-12 text-danger">
              {t`Write # and six hexadecimal digits, such as #0e7490.`}
            </p>
          )}
          {verdicts && (
            <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
              <Preview title={t`Light`} verdict={verdicts.light} />
              <Preview title={t`Dark`} verdict={verdicts.dark} dark />
            </div>
          )}
        </div>
        {problem && <ErrorNote problem={problem} />}
        {may && (
          <div className="flex gap-2 empty:hidden">
            {dirty && (
              <Button
                variant="primary"
                pending={busy}
                disabled={Boolean(draft) && !verdicts}
                onClick={() => void apply(draft || null)}
              >
                {t`Save color`}
              </Button>
            )}
            {dirty && <Button onClick={() => setDraft(undefined)}>{t`Discard`}</Button>}
            {!dirty && tenant.brandColor && (
              <Button
                icon={<RotateCcw size={14} aria-hidden />}
                pending={busy}
                onClick={() => void apply(null)}
              >
                {tenant.parent ? t`Use the color from above` : t`Use Mainstay's color`}
              </Button>
            )}
          </div>
        )}
      </div>
    </Row>
  );
}

/** The button and the words as they would look, and how well they can be read. */
function Preview({
  title,
  verdict,
  dark = false,
}: {
  title: string;
  verdict: Verdict;
  dark?: boolean;
}) {
  const { t } = useLingui();
  const { page, accent, text, ratio, readable } = verdict;
  const figure = formatNumber(Math.floor(ratio * 10) / 10, { minimumFractionDigits: 1 });
  return (
    <div className="overflow-hidden rounded-card shadow-ring">
      <div aria-hidden style={{ background: page }} className="flex items-center gap-3 p-3.5">
        <span
          style={{ background: accent, color: text }}
          className="inline-flex h-7 items-center gap-1.5 rounded-control px-2.5 font-medium"
        >
          <Plus size={14} /> {t`New contact`}
        </span>
        <span style={{ color: accent }} className="font-medium">{t`A link`}</span>
      </div>
      <div className="flex items-center justify-between gap-2 border-t border-line px-3.5 py-2 text-12">
        <span className="font-medium">{title}</span>
        <span className={cx("text-right", readable ? "text-good" : "text-warn")}>
          {readable
            ? t`${figure}:1, reads well`
            : dark
              ? t`${figure}:1, lightened to be read`
              : t`${figure}:1, darkened to be read`}
        </span>
      </div>
    </div>
  );
}
