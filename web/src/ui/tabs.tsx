/** Tabs over panels of one thing. */
import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";
import { cx } from "@/lib/cx";

export function Tabs({
  value,
  onChange,
  tabs,
  children,
  className,
  listClassName,
}: {
  value: string;
  onChange: (value: string) => void;
  tabs: readonly { value: string; label: ReactNode; count?: ReactNode }[];
  /** `TabPanel`s. */
  children: ReactNode;
  className?: string;
  listClassName?: string;
}) {
  return (
    <Base.Root
      value={value}
      onValueChange={(next) => onChange(String(next))}
      className={cx("flex min-h-0 flex-col", className)}
    >
      <Base.List
        className={cx(
          "flex shrink-0 gap-1 overflow-x-auto border-b border-line px-3",
          listClassName,
        )}
      >
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="-mb-px flex h-10 shrink-0 items-center gap-1.5 border-b-2 border-transparent px-2 font-medium text-muted hover:text-fg data-[active]:border-fg data-[active]:text-fg"
          >
            {tab.label}
            {tab.count !== undefined && <span className="text-12 text-faint">{tab.count}</span>}
          </Base.Tab>
        ))}
      </Base.List>
      {children}
    </Base.Root>
  );
}

export function TabPanel({
  value,
  className,
  children,
}: {
  value: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <Base.Panel value={value} className={cx("min-h-0 grow outline-none", className)}>
      {children}
    </Base.Panel>
  );
}
