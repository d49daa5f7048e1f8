/** Pages of a raw list. */
import { useLingui } from "@lingui/react/macro";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { SIZES } from "@/app/admin/list-state";
import type { Page } from "@/engine/documents";
import { formatNumber } from "@/lib/format";
import { IconButton } from "@/ui/button";
import { Select } from "@/ui/select";

export function Pager({
  page,
  limit,
  onPage,
  onLimit,
  label,
}: {
  page: Page;
  limit: number;
  onPage: (page: number) => void;
  onLimit: (limit: number) => void;
  label: string;
}) {
  const { t } = useLingui();
  const first = page.docs.length === 0 ? 0 : (page.page - 1) * page.limit + 1;
  const last = first === 0 ? 0 : first + page.docs.length - 1;
  const total = `${formatNumber(page.totalDocs)}${page.totalDocsCapped ? "+" : ""}`;
  return (
    <nav
      aria-label={label}
      className="flex shrink-0 items-center gap-2 border-t border-line px-3 py-1.5 text-12 text-muted"
    >
      <span aria-live="polite">{t`${formatNumber(first)}–${formatNumber(last)} of ${total}`}</span>
      <span className="grow" />
      <div className="w-[124px]">
        <Select
          dense
          aria-label={t`Rows on a page`}
          options={SIZES.map((size) => ({ value: String(size), label: t`${size} rows` }))}
          value={String(limit)}
          onChange={(next) => next && onLimit(Number(next))}
        />
      </div>
      <IconButton
        label={t`Previous page`}
        disabled={page.page <= 1}
        onClick={() => onPage(page.page - 1)}
      >
        <ChevronLeft size={16} />
      </IconButton>
      <IconButton
        label={t`Next page`}
        disabled={!page.hasNextPage}
        onClick={() => onPage(page.page + 1)}
      >
        <ChevronRight size={16} />
      </IconButton>
    </nav>
  );
}
