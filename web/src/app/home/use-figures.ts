/** The questions the home page asks the server; every figure is added up there. */
import { useQuery } from "@tanstack/react-query";
import { addDays, addMonths, lastMonths, lastWeeks, monthOf, startOf } from "@/app/home/periods";
import type { Scope } from "@/app/home/scope";
import { aggregateOptions, countOptions, listOptions } from "@/engine/documents";
import { today, viewerZone } from "@/lib/format";

const QUARTER = 90;
const MONTH = 30;
export const MONTHS = 12;
export const WEEKS = 12;

/** Open value by stage; `stage.*` rather than `stage`, so that accounts with the same stages add up. */
export function useOpenByStage(scope: Scope, pipeline: string | null) {
  const where = scope.where({
    status: { equals: "open" },
    ...(pipeline && !scope.all ? { pipeline: { equals: pipeline } } : {}),
  });
  const group = "stage.name,stage.order,stage.probability";
  return useQuery(
    aggregateOptions("deals", { where, group, values: "count,sum:value", limit: 1000 }),
  );
}

function closedBetween(from: string, to: string) {
  return { closedAt: { greater_than_equal: startOf(from), less_than: startOf(to) } };
}

/** Won and lost in the last 90 days, and in the 90 before. */
export function useDecided(scope: Scope) {
  const end = addDays(today(), 1);
  const middle = addDays(end, -QUARTER);
  const ask = (from: string, to: string) =>
    aggregateOptions("deals", {
      where: scope.where({ status: { in: ["won", "lost"] }, ...closedBetween(from, to) }),
      group: "status",
      values: "count,sum:value",
    });
  const now = useQuery(ask(middle, end));
  const before = useQuery(ask(addDays(middle, -QUARTER), middle));
  return { now, before };
}

export function useWonByMonth(scope: Scope) {
  const months = lastMonths(today(), MONTHS);
  const from = months[0] ?? monthOf(today());
  const query = useQuery(
    aggregateOptions("deals", {
      where: scope.where({
        status: { equals: "won" },
        ...closedBetween(from, addMonths(monthOf(today()), 1)),
      }),
      group: "closedAt:month",
      values: "count,sum:value",
      zone: viewerZone(),
      sort: "key",
    }),
  );
  return { months, query };
}

export function useContactsByWeek(scope: Scope) {
  const weeks = lastWeeks(today(), WEEKS);
  const from = weeks[0] ?? today();
  const query = useQuery(
    aggregateOptions("contacts", {
      where: scope.where({ createdAt: { greater_than_equal: startOf(from) } }),
      group: "createdAt:week",
      values: "count",
      zone: viewerZone(),
      sort: "key",
    }),
  );
  return { weeks, query };
}

/** Contacts of the last 30 days, and of the 30 before. */
export function useNewContacts(scope: Scope) {
  const end = addDays(today(), 1);
  const middle = addDays(end, -MONTH);
  const ask = (from: string, to: string) =>
    countOptions(
      "contacts",
      scope.where({ createdAt: { greater_than_equal: startOf(from), less_than: startOf(to) } }),
    );
  return {
    now: useQuery(ask(middle, end)),
    before: useQuery(ask(addDays(middle, -MONTH), middle)),
  };
}

/** Per account below: what is open and who is new. */
export function useRollUp(ids: readonly string[]) {
  const tenant = { in: ids };
  const from = startOf(addDays(today(), 1 - MONTH));
  const deals = useQuery(
    aggregateOptions("deals", {
      where: { tenant, status: { equals: "open" } },
      group: "tenant",
      values: "count,sum:value",
      limit: 1000,
    }),
  );
  const contacts = useQuery(
    aggregateOptions("contacts", {
      where: { tenant, createdAt: { greater_than_equal: from } },
      group: "tenant",
      values: "count",
      limit: 1000,
    }),
  );
  return { deals, contacts };
}

/** The pipelines of the account, the usual one first, and the stages of each that are still open. */
export function usePipelines() {
  const pipelines = useQuery(
    listOptions("pipelines", {
      sort: "order",
      limit: 100,
      depth: 0,
      pagination: false,
      select: { name: true, order: true, isDefault: true },
    }),
  );
  const stages = useQuery(
    listOptions("stages", {
      where: { kind: { equals: "open" } },
      sort: "order",
      limit: 500,
      depth: 0,
      pagination: false,
      select: { name: true, order: true, probability: true, pipeline: true },
    }),
  );
  return { pipelines, stages };
}
