/** The palette's list: sections of options, of which one is active. */
import { useLingui } from "@lingui/react/macro";
import { CornerDownLeft } from "lucide-react";
import { type MouseEvent, memo, useEffect, useRef } from "react";
import type { Item, Section } from "@/app/palette/items";
import { cx } from "@/lib/cx";
import { Kbd } from "@/ui/kbd";

type Props = {
  id: string;
  sections: readonly Section[];
  active: string | null;
  onActive: (id: string) => void;
  onRun: (item: Item, newTab: boolean) => void;
};

export function optionId(list: string, item: string): string {
  return `${list}-${item.replace(/[^\w-]/g, "_")}`;
}

export function Options({ id, sections, active, onActive, onRun }: Props) {
  const { t } = useLingui();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!active) return;
    const option = document.getElementById(optionId(id, active));
    // The heading of the first section is shown with its first option.
    if (active === sections[0]?.items[0]?.id) box.current?.scrollTo({ top: 0 });
    else option?.scrollIntoView({ block: "nearest" });
  }, [active, id, sections]);
  return (
    <div
      ref={box}
      id={id}
      role="listbox"
      tabIndex={-1}
      aria-label={t`Results`}
      className="max-h-[min(440px,60vh)] scroll-py-2 overflow-y-auto p-1.5 empty:hidden phone:max-h-none phone:min-h-0 phone:grow"
    >
      {sections.map((section) => (
        <div key={section.id} role="group" aria-label={section.heading} className="pb-1">
          <div aria-hidden className="px-2.5 pb-1 pt-2 text-11 font-medium text-faint">
            {section.heading}
          </div>
          {section.items.map((item) => (
            <Option
              key={item.id}
              id={optionId(id, item.id)}
              item={item}
              active={item.id === active}
              onActive={onActive}
              onRun={onRun}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

type OptionProps = {
  id: string;
  item: Item;
  active: boolean;
  onActive: (id: string) => void;
  onRun: (item: Item, newTab: boolean) => void;
};

const Option = memo(function Option({ id, item, active, onActive, onRun }: OptionProps) {
  const click = (event: MouseEvent) => onRun(item, event.metaKey || event.ctrlKey);
  return (
    // The keyboard is the input's: it names the active option.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <div
      id={id}
      role="option"
      aria-selected={active}
      onClick={click}
      onMouseMove={() => !active && onActive(item.id)}
      className={cx(
        "flex h-9 items-center gap-2.5 rounded-control px-2.5 phone:h-12",
        active && "bg-hover dark:bg-active",
      )}
    >
      <Face item={item} />
      <span className={cx("min-w-0 truncate font-medium", item.detail && "max-w-[70%] shrink-0")}>
        {item.title.map((piece, at) =>
          piece.hit ? (
            <mark key={at} className="bg-transparent text-accent-text">
              {piece.text}
            </mark>
          ) : (
            <span key={at}>{piece.text}</span>
          ),
        )}
      </span>
      <span className="min-w-0 grow truncate text-12 text-muted">
        {item.detail && <span className="sr-only">, </span>}
        {item.detail}
      </span>
      {item.keys && (
        <span aria-hidden>
          <Kbd keys={item.keys} />
        </span>
      )}
      {active && !item.keys && (
        <CornerDownLeft size={14} aria-hidden className="shrink-0 text-faint phone:hidden" />
      )}
    </div>
  );
});

function Face({ item }: { item: Item }) {
  const Icon = item.icon;
  if (item.hue === undefined) {
    return (
      <span aria-hidden className="flex size-5 shrink-0 items-center justify-center text-muted">
        <Icon size={16} />
      </span>
    );
  }
  return (
    <span
      aria-hidden
      className="tint flex size-5 shrink-0 items-center justify-center rounded-tag"
      style={{ "--hue": item.hue } as React.CSSProperties}
    >
      <Icon size={13} />
    </span>
  );
}
