/**
 * Parts that weigh much and are needed only when something is opened. Until then their trigger is a plain
 * button; the code is fetched when the page is idle, the pointer is near, or the button is pressed.
 */
import {
  cloneElement,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
  useEffect,
  useState,
} from "react";

export type Deferred<M> = {
  /** The module, once it is here. */
  loaded: () => M | null;
  load: () => Promise<M>;
};

/** How long the page is left alone before the rest is fetched. */
const CALM = 1_500;

export function deferred<M>(fetch: () => Promise<M>): Deferred<M> {
  let module: M | null = null;
  let coming: Promise<M> | null = null;
  const load = () => {
    coming ??= fetch().then(
      (fetched) => {
        module = fetched;
        return fetched;
      },
      (error) => {
        // A chunk that could not be fetched may be fetched later.
        coming = null;
        throw error;
      },
    );
    return coming;
  };
  whenCalm(() => void load().catch(() => undefined));
  return { loaded: () => module, load };
}

function whenCalm(run: () => void): void {
  const later = () => {
    if ("requestIdleCallback" in window) requestIdleCallback(run, { timeout: 10_000 });
    else setTimeout(run, CALM);
  };
  const start = () => setTimeout(later, CALM);
  if (document.readyState === "complete") start();
  else addEventListener("load", start, { once: true });
}

/** The module as soon as `wanted` and here. */
export function useDeferred<M>(source: Deferred<M>, wanted: boolean): M | null {
  const [, arrived] = useState(0);
  const module = wanted ? source.loaded() : null;
  useEffect(() => {
    if (!wanted || module) return;
    let live = true;
    source.load().then(
      () => live && arrived((count) => count + 1),
      () => undefined,
    );
    return () => {
      live = false;
    };
  }, [source, wanted, module]);
  return module;
}

type Opened = { trigger: ReactElement; open?: boolean; onOpenChange?: (open: boolean) => void };

type TriggerProps = {
  onClick?: (event: MouseEvent) => void;
  onPointerEnter?: (event: unknown) => void;
};

/** The module once the trigger was pressed, and until then the trigger that waits for it. */
export function useOpener<M>(
  source: Deferred<M>,
  { trigger, open, onOpenChange }: Opened,
  popup: "menu" | "dialog",
): { module: M | null; trigger: ReactNode } {
  const [pressed, setPressed] = useState(false);
  const module = useDeferred(source, pressed || open === true);
  const own = trigger.props as TriggerProps;
  const plain = cloneElement(trigger as ReactElement<Record<string, unknown>>, {
    "aria-haspopup": popup,
    "aria-expanded": false,
    onPointerEnter: (event: unknown) => {
      own.onPointerEnter?.(event);
      void source.load().catch(() => undefined);
    },
    onClick: (event: MouseEvent) => {
      own.onClick?.(event);
      if (event.defaultPrevented) return;
      setPressed(true);
      onOpenChange?.(true);
    },
  });
  return { module, trigger: plain };
}
