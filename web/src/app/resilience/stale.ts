/**
 * A tab that runs an older build than the server serves. It reloads itself once, at a moment when that
 * disturbs nothing; what was being written is kept as a draft. If that did not help, it says so instead.
 */
import { t } from "@lingui/core/macro";
import { isWriting, suspect } from "@/app/resilience/health";
import { flushDrafts } from "@/lib/draft";
import { onBuild } from "@/lib/request";
import { toast } from "@/ui/toast";

const GUARD = "mainstay.reloaded";
/** Chunks that cannot be loaded leave no build to name. */
const BROKEN = "broken";
/** A failed chunk may be reloaded for again after this; sooner it would be a loop. */
const BROKEN_AGAIN = 60_000;
/** Untouched for this long counts as not in the middle of anything. */
const REST = 4_000;
/** After this the person is told rather than waited for. */
const PATIENCE = 30_000;

let wanted: string | null = null;
let touched = 0;
let told = false;

export function runningBuild(): string | null {
  return document.querySelector<HTMLMetaElement>('meta[name="app-build"]')?.content || null;
}

/** Whether the tab may reload for this build, given what it reloaded for before. Pure, for the tests. */
export function mayReload(guard: string | null, build: string, now: number): boolean {
  if (!guard) return true;
  const [formerly = "", at = "0"] = guard.split("@");
  if (formerly !== build) return true;
  return build === BROKEN && now - Number(at) > BROKEN_AGAIN;
}

const OPEN =
  '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"], [data-editing]';

function isBusy(): boolean {
  const focused = document.activeElement;
  const typing =
    focused instanceof HTMLElement &&
    (focused.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(focused.tagName));
  return isWriting() || document.querySelector(OPEN) !== null || typing;
}

function guard(): string | null {
  try {
    return sessionStorage.getItem(GUARD);
  } catch {
    // Nothing could stop a loop: never reload by ourselves.
    return wanted;
  }
}

/** True when the page is on its way out. */
function reload(build: string, force = false): boolean {
  if (!force && !mayReload(guard(), build, Date.now())) {
    tell();
    return false;
  }
  try {
    sessionStorage.setItem(GUARD, `${build}@${Date.now()}`);
  } catch {
    if (!force) return false;
  }
  flushDrafts();
  void fresh().finally(() => window.location.reload());
  return true;
}

/** The service worker learns of the new build first, so that it does not hand out the old one. */
async function fresh(): Promise<void> {
  try {
    const registration = await navigator.serviceWorker?.getRegistration();
    const update = registration?.update() ?? Promise.resolve();
    await Promise.race([update, new Promise((resolve) => setTimeout(resolve, 1_500))]);
  } catch {
    // The network is asked for pages first anyway.
  }
}

function tell(): void {
  if (told) return;
  told = true;
  const build = wanted ?? BROKEN;
  toast({
    title: t`A new version is ready`,
    // Until it is dealt with; and nothing that Ctrl+Z would take.
    duration: Number.POSITIVE_INFINITY,
    action: { label: t`Reload`, onSelect: () => void reload(build, true) },
  });
}

function attempt(): boolean {
  if (!wanted || isBusy() || Date.now() - touched < REST) return false;
  return reload(wanted);
}

function notice(build: string): void {
  const running = runningBuild();
  if (!running || build === running || build === wanted) return;
  wanted = build;
  told = false;
  const since = Date.now();
  const timer = setInterval(() => {
    if (attempt()) clearInterval(timer);
    else if (told) clearInterval(timer);
    else if (Date.now() - since > PATIENCE) tell();
  }, 1_000);
}

/**
 * A chunk could not be loaded. When the server is there, this build's chunk is gone and a reload brings the
 * next build; when it is not, a reload would only lose the page. True when the page is on its way out.
 */
export function reloadForChunk(): Promise<boolean> {
  // One page lacks many chunks at once: they are one question.
  asked ??= askForChunk().finally(() => {
    asked = null;
  });
  return asked;
}

let asked: Promise<boolean> | null = null;

async function askForChunk(): Promise<boolean> {
  let build: string | null;
  try {
    const signal = AbortSignal.timeout(5_000);
    const answer = await fetch("/api/healthz", { cache: "no-store", signal });
    if (!answer.ok) return false;
    build = answer.headers.get("x-app-build");
  } catch {
    // Whoever waits for the page is told when the server is back.
    suspect();
    return false;
  }
  if (build && build !== runningBuild()) {
    wanted = build;
    return reload(build);
  }
  // Of this build: a lost connection left the module marked as failed for as long as the document lives.
  return mayReload(guard(), BROKEN, Date.now()) && reload(BROKEN);
}

export function isChunkFailure(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    /dynamically imported module|module script failed|preload CSS|error loading dynamically/i.test(
      thrown.message,
    )
  );
}

/** Once, when the app starts. */
export function watchBuild(): void {
  onBuild(notice);
  const touch = () => {
    touched = Date.now();
  };
  for (const event of ["keydown", "pointerdown", "wheel"]) {
    addEventListener(event, touch, { passive: true, capture: true });
  }
  document.addEventListener("visibilitychange", () => {
    if (wanted && document.hidden && !isBusy()) reload(wanted);
  });
  addEventListener("vite:preloadError", () => void reloadForChunk());
}
