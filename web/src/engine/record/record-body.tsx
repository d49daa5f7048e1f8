/** Below the bar: identity and tabs, with the fields beside them where there is room and in a tab where there is not. */
import { useLingui } from "@lingui/react/macro";
import { Suspense, useEffect, useState } from "react";
import { useSearchParams } from "react-router";
import type { Definition, Doc } from "@/engine/definitions";
import { viewOf } from "@/engine/modules";
import { FieldSections } from "@/engine/record/fields/field-sections";
import { History } from "@/engine/record/history/history";
import { RecordIdentity } from "@/engine/record/record-identity";
import { RelatedList } from "@/engine/record/related/related-list";
import { type Related, useRelated } from "@/engine/record/related/use-related";
import { ComposerCommands } from "@/engine/record/timeline/composer-commands";
import { Timeline } from "@/engine/record/timeline/timeline";
import { isAdmin, useSession } from "@/engine/session";
import type { Writes } from "@/engine/writes";
import { formatNumber } from "@/lib/format";
import { useMedia } from "@/lib/media";
import { TabPanel, Tabs } from "@/ui/tabs";

type Props = {
  definition: Definition;
  doc: Doc;
  writes: Writes;
  variant: "page" | "panel";
  listening: boolean;
  pending: boolean;
  editing: string | null;
  onEdit: (path: string | null) => void;
};

export function RecordBody(props: Props) {
  const { t } = useLingui();
  const { definition, doc, writes, variant, pending, editing } = props;
  const roomy = useMedia("(width >= 1100px)") && variant === "page";
  const tabs = useTabs(definition, doc);
  // With nothing to stand beside, the fields are the page.
  const beside = roomy && tabs.some((tab) => tab.value !== "history");
  const [tab, setTab] = useTab(variant, beside ? "" : "details", tabs);
  useEffect(() => {
    if (editing && !beside) setTab("details");
  }, [editing, beside, setTab]);
  const Header = viewOf(definition.slug)?.header;
  const fields = <FieldSections {...props} />;
  return (
    <div className="flex min-h-0 grow">
      <div className="flex min-h-0 min-w-0 grow flex-col">
        <div className="grid shrink-0 gap-3 px-5 pb-2 pt-4 phone:px-4">
          <RecordIdentity
            definition={definition}
            doc={doc}
            writes={writes}
            pending={pending}
            large={variant === "page"}
          />
          {Header && !pending && (
            <Suspense fallback={<div className="h-8" />}>
              <Header doc={doc} writes={writes} />
            </Suspense>
          )}
        </div>
        <RecordTabs
          {...props}
          tab={tab}
          setTab={setTab}
          tabs={tabs}
          details={beside ? null : fields}
          narrow={variant === "panel"}
        />
      </div>
      {beside && (
        <aside
          aria-label={t`Fields`}
          className="w-[368px] shrink-0 overflow-y-auto border-l border-line px-5 pt-4"
        >
          {fields}
        </aside>
      )}
    </div>
  );
}

type Tab = { value: string; label: string; count?: string; related?: Related };

function useTabs(definition: Definition, doc: Doc): Tab[] {
  const { t } = useLingui();
  const { role, schema } = useSession();
  const related = useRelated(definition, doc.id);
  const timeline =
    viewOf(definition.slug)?.link !== undefined &&
    schema.collections.some((each) => each.slug === "activities" && each.permissions.read);
  const tabs: Tab[] = [];
  if (timeline) tabs.push({ value: "timeline", label: t`Timeline` });
  for (const each of related) {
    const count = each.count ? { count: formatNumber(each.count) } : {};
    tabs.push({
      value: `${each.target.slug}.${each.by.name}`,
      label: each.label,
      related: each,
      ...count,
    });
  }
  const audited = schema.collections.some((each) => each.slug === "audit" && each.permissions.read);
  if (isAdmin(role) && audited) tabs.push({ value: "history", label: t`History` });
  return tabs;
}

/** On a page the tab is part of the address; a panel's is its own. */
function useTab(variant: Props["variant"], details: string, tabs: readonly Tab[]) {
  const [params, setParams] = useSearchParams();
  const [own, setOwn] = useState<string | null>(null);
  const wanted = variant === "page" ? params.get("tab") : own;
  const known = tabs.some((tab) => tab.value === wanted) || (details !== "" && wanted === details);
  const tab = known && wanted ? wanted : details || (tabs[0]?.value ?? "");
  const [set] = useState(() => ({ run: (_: string) => {} }));
  set.run = (next: string) => {
    if (variant === "panel") setOwn(next);
    else
      setParams(
        (former) => {
          const changed = new URLSearchParams(former);
          changed.set("tab", next);
          return changed;
        },
        { replace: true, preventScrollReset: true },
      );
  };
  const [setTab] = useState(() => (next: string) => set.run(next));
  return [tab, setTab] as const;
}

function RecordTabs(
  props: Props & {
    tab: string;
    setTab: (tab: string) => void;
    tabs: readonly Tab[];
    details: React.ReactNode;
    narrow: boolean;
  },
) {
  const { t } = useLingui();
  const { definition, doc, tab, setTab, tabs, details, narrow, listening } = props;
  const panel = "overflow-y-auto px-5 pb-8 pt-4 phone:px-4";
  if (tabs.length === 0) return <div className={`min-h-0 grow ${panel}`}>{details}</div>;
  const all = details ? [{ value: "details", label: t`Details` }, ...tabs] : tabs;
  const has = (value: string) => tabs.some((each) => each.value === value);
  return (
    <Tabs
      value={tab}
      onChange={setTab}
      tabs={all}
      className="min-h-0 grow"
      listClassName="px-3 phone:px-2"
    >
      {listening && has("timeline") && (
        <ComposerCommands
          definition={definition}
          doc={doc}
          over={narrow}
          onShow={() => setTab("timeline")}
        />
      )}
      {details && (
        <TabPanel value="details" className={panel}>
          {details}
        </TabPanel>
      )}
      {has("timeline") && (
        <TabPanel value="timeline" className={panel}>
          <Timeline definition={definition} doc={doc} />
        </TabPanel>
      )}
      {tabs.map((each) =>
        each.related ? (
          <TabPanel key={each.value} value={each.value} className={panel}>
            <RelatedList definition={definition} doc={doc} related={each.related} narrow={narrow} />
          </TabPanel>
        ) : null,
      )}
      {has("history") && (
        <TabPanel value="history" className={panel}>
          <History definition={definition} doc={doc} />
        </TabPanel>
      )}
    </Tabs>
  );
}
