/** Draws the hint of whatever is under the pointer or has the keyboard, one for the whole app. */
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { Kbd } from "@/ui/kbd";

const DELAY = 400;
const GAP = 6;

export function TooltipHost() {
  const [target, setTarget] = useState<HTMLElement | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (element: HTMLElement | null, delay: number) => {
      clearTimeout(timer);
      if (!element) return setTarget(null);
      timer = setTimeout(() => setTarget(element.isConnected ? element : null), delay);
    };
    const tipped = (event: Event) =>
      event.target instanceof Element ? event.target.closest<HTMLElement>("[data-tip]") : null;
    const over = (event: PointerEvent) =>
      event.pointerType === "mouse" && show(tipped(event), DELAY);
    const focus = (event: FocusEvent) => {
      const element = tipped(event);
      if (element?.matches(":focus-visible")) show(element, DELAY);
    };
    const hide = () => show(null, 0);
    document.addEventListener("pointerover", over);
    document.addEventListener("focusin", focus);
    for (const type of ["focusout", "pointerdown", "keydown"])
      document.addEventListener(type, hide);
    document.addEventListener("scroll", hide, true);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("pointerover", over);
      document.removeEventListener("focusin", focus);
      for (const type of ["focusout", "pointerdown", "keydown"])
        document.removeEventListener(type, hide);
      document.removeEventListener("scroll", hide, true);
    };
  }, []);
  if (!target?.dataset.tip) return null;
  return <Hint key={target.dataset.tip} target={target} />;
}

function Hint({ target }: { target: HTMLElement }) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const hint = ref.current;
    if (!hint) return;
    const [at, size] = [target.getBoundingClientRect(), hint.getBoundingClientRect()];
    const side = target.dataset.tipSide ?? "bottom";
    const middle = at.left + at.width / 2 - size.width / 2;
    const center = at.top + at.height / 2 - size.height / 2;
    const below = at.bottom + GAP;
    const above = at.top - GAP - size.height;
    const vertical =
      side === "top"
        ? above < 0
          ? below
          : above
        : below + size.height > innerHeight
          ? above
          : below;
    const [left, top] =
      side === "left"
        ? [at.left - GAP - size.width, center]
        : side === "right"
          ? [at.right + GAP, center]
          : [middle, vertical];
    hint.style.left = `${Math.max(4, Math.min(left, innerWidth - size.width - 4))}px`;
    hint.style.top = `${Math.max(4, Math.min(top, innerHeight - size.height - 4))}px`;
  }, [target]);
  return (
    <div
      ref={ref}
      role="tooltip"
      className="pointer-events-none fixed z-[80] flex max-w-[280px] items-center gap-2 rounded-control bg-fg px-2 py-1 text-12 text-bg shadow-pop"
    >
      {target.dataset.tip}
      {target.dataset.tipKeys && <Kbd keys={target.dataset.tipKeys} />}
    </div>
  );
}
