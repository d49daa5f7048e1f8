/** The frame of the pages before sign-in: a calm sheet with one card, the mark above it. */
import { useLingui } from "@lingui/react/macro";
import { Moon, Sun } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { LANGUAGES, languageOf, speak } from "@/lib/i18n";
import { currentLook, isDark, setLook, useLook } from "@/lib/look";
import { Button, IconButton } from "@/ui/button";

export function AuthFrame({
  title,
  lead,
  mark,
  children,
  below,
}: {
  title: string;
  /** The sentence under the title. */
  lead?: ReactNode;
  /** Whose door this is; the product's own mark unless given. */
  mark?: ReactNode;
  children?: ReactNode;
  /** Under the card: the way to the other pages. */
  below?: ReactNode;
}) {
  useEffect(() => {
    const former = document.title;
    document.title = `${title} · Mainstay`;
    return () => {
      document.title = former;
    };
  }, [title]);
  return (
    <div className="flex min-h-full flex-col overflow-y-auto bg-side">
      <main className="flex grow flex-col items-center justify-center px-5 py-10 phone:justify-start phone:px-4 phone:pt-[10vh]">
        <div className="w-full max-w-[380px]">
          <div className="mb-7 flex justify-center">{mark ?? <ProductMark />}</div>
          <div className="rounded-panel bg-raise p-7 shadow-[0_0_0_1px_var(--line),0_1px_2px_oklch(0_0_0/0.04),0_12px_40px_-12px_oklch(0_0_0/0.1)] phone:p-5">
            <h1 className="text-19 font-semibold tracking-[-0.015em] text-balance">{title}</h1>
            {lead && <p className="mt-1.5 text-muted text-pretty">{lead}</p>}
            {children && <div className="mt-6">{children}</div>}
          </div>
          {below && (
            <div className="mt-5 flex flex-wrap items-center justify-center gap-x-4 gap-y-1 text-center text-muted">
              {below}
            </div>
          )}
        </div>
      </main>
      <LookBar />
    </div>
  );
}

export function ProductMark() {
  return (
    <span className="flex items-center gap-2.5 text-14 font-semibold tracking-[-0.01em]">
      <img src="/icon.svg" alt="" width={28} height={28} className="rounded-control" />
      Mainstay
    </span>
  );
}

/** Language and theme, for whoever is not known yet. */
function LookBar() {
  const { t, i18n } = useLingui();
  useLook();
  const dark = isDark();
  const choose = async (language: (typeof LANGUAGES)[number]["value"]) => {
    setLook({ locale: language });
    await speak(language);
  };
  const current = languageOf(i18n.locale, currentLook().locale);
  return (
    <footer className="flex items-center justify-center gap-1 pb-5">
      {LANGUAGES.map(({ value, label }) => (
        <Button
          key={value}
          variant="ghost"
          size="sm"
          lang={value}
          aria-pressed={value === current}
          className={value === current ? "font-semibold underline underline-offset-4" : ""}
          onClick={() => void choose(value)}
        >
          {label}
        </Button>
      ))}
      <span aria-hidden className="mx-1 h-3.5 w-px bg-edge" />
      <IconButton
        size="sm"
        label={dark ? t`Light theme` : t`Dark theme`}
        onClick={() => setLook({ theme: dark ? "light" : "dark" })}
      >
        {dark ? <Sun size={15} /> : <Moon size={15} />}
      </IconButton>
    </footer>
  );
}
