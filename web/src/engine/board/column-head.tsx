/** The head of a column: what it is, how many cards, what they are worth, whether there are too many. */
import { useLingui } from "@lingui/react/macro";
import {
  AlertTriangle,
  ChevronsLeftRight,
  Gauge,
  MoreHorizontal,
  Plus,
  TrendingUp,
} from "lucide-react";
import { type CSSProperties, type Ref, useState } from "react";
import { useColumnName } from "@/engine/board/column-name";
import { type BoardColumn, crowding, type Figures } from "@/engine/board/columns";
import { useBoard } from "@/engine/board/context";
import { createIn } from "@/engine/board/create-in";
import { LimitDialog } from "@/engine/board/limit-dialog";
import { cx } from "@/lib/cx";
import { formatMoney, formatNumber } from "@/lib/format";
import { label } from "@/lib/i18n";
import { StatusTag } from "@/ui/badge";
import { IconButton } from "@/ui/button";
import { Menu, MenuItem } from "@/ui/menu";

type HeadProps = {
  column: BoardColumn;
  count: number | undefined;
  figures: Figures | undefined;
  others: readonly number[];
  limit: number | undefined;
  phone: boolean;
};

export function ColumnHead({ column, count, figures, others, limit, phone }: HeadProps) {
  const nameOf = useColumnName();
  return (
    <header className="flex h-11 shrink-0 items-center gap-2 pl-3 pr-1.5">
      {!phone && <ColumnName column={column} name={nameOf(column)} />}
      {count !== undefined && <HeadCount count={count} others={others} limit={limit} />}
      <span className="min-w-0 grow truncate text-right text-12 text-muted tabular-nums">
        {figures && <Sum figures={figures} />}
      </span>
      <HeadMenu column={column} limit={limit} phone={phone} />
    </header>
  );
}

export function ColumnName({ column, name }: { column: BoardColumn; name: string }) {
  if (column.hue !== null) return <StatusTag label={name} hue={column.hue} className="shrink" />;
  return <span className="truncate font-medium">{name}</span>;
}

function HeadCount({
  count,
  others,
  limit,
}: {
  count: number;
  others: readonly number[];
  limit: number | undefined;
}) {
  const { t } = useLingui();
  const why = crowding(count, others, limit);
  const text =
    limit === undefined ? formatNumber(count) : `${formatNumber(count)}/${formatNumber(limit)}`;
  const hint =
    why === "limit" ? t`Over the limit of ${limit}` : t`Far fuller than the other columns`;
  return (
    <span
      title={why ? hint : undefined}
      className={cx(
        "flex shrink-0 items-center gap-1",
        why ? "font-medium text-warn" : "text-muted",
      )}
    >
      {text}
      {why === "limit" && <AlertTriangle size={13} aria-hidden />}
      {why === "crowded" && <TrendingUp size={13} aria-hidden />}
      {why && <span className="sr-only">{hint}</span>}
    </span>
  );
}

/** How many currencies fit. */
const SHOWN = 2;

function Sum({ figures: { sums, sum } }: { figures: Figures }) {
  if (sum !== null) return formatNumber(sum);
  if (sums.length === 0) return null;
  const one = sums.length === 1;
  const text = sums
    .slice(0, SHOWN)
    .map((money) => formatMoney(money, one ? "plain" : "compact"))
    .join(" · ");
  const more = sums.length - SHOWN;
  return (
    <span title={sums.map((money) => formatMoney(money)).join(" · ")}>
      {more > 0 ? `${text} +${more}` : text}
    </span>
  );
}

function HeadMenu({
  column,
  limit,
  phone,
}: {
  column: BoardColumn;
  limit: number | undefined;
  phone: boolean;
}) {
  const { t } = useLingui();
  const { definition, field, onCollapse, onLimit } = useBoard();
  const nameOf = useColumnName();
  const [asking, setAsking] = useState(false);
  const name = nameOf(column);
  const singular = label(definition.labels.singular).toLowerCase();
  const mayAdd = definition.permissions.create && field.writable;
  const add = () => void createIn(definition, field, column);
  return (
    <div className="flex shrink-0">
      {mayAdd && (
        <IconButton size="sm" bare label={t`New ${singular} in ${name}`} onClick={add}>
          <Plus size={15} />
        </IconButton>
      )}
      <Menu
        align="end"
        trigger={
          <IconButton size="sm" bare label={t`Options of ${name}`}>
            <MoreHorizontal size={15} />
          </IconButton>
        }
      >
        <MenuItem icon={<Gauge size={15} />} onSelect={() => setAsking(true)}>
          {limit === undefined ? t`Set a limit…` : t`Change the limit…`}
        </MenuItem>
        {!phone && (
          <MenuItem
            icon={<ChevronsLeftRight size={15} />}
            onSelect={() => onCollapse(column, true)}
          >
            {t`Collapse`}
          </MenuItem>
        )}
      </Menu>
      {asking && (
        <LimitDialog
          name={name}
          limit={limit ?? null}
          onClose={() => setAsking(false)}
          onSet={(next) => onLimit(column, next)}
        />
      )}
    </div>
  );
}

/** A column that takes no more room than its name; cards can still be dropped on it. */
export function CollapsedColumn({
  ref,
  column,
  count,
  over,
  onOpen,
}: {
  ref: Ref<HTMLElement>;
  column: BoardColumn;
  count: number | undefined;
  over: boolean;
  onOpen: () => void;
}) {
  const { t } = useLingui();
  const nameOf = useColumnName();
  const name = nameOf(column);
  return (
    <section
      ref={ref}
      data-column={column.value}
      aria-label={name}
      className={cx(
        "h-full w-10 shrink-0 rounded-panel bg-side",
        over && "bg-accent-tint shadow-[inset_0_0_0_1px_var(--accent)]",
      )}
    >
      <button
        type="button"
        aria-label={t`Show ${name}`}
        aria-expanded={false}
        onClick={onOpen}
        className="flex h-full w-full flex-col items-center gap-3 rounded-panel py-3 hover:bg-hover"
      >
        {column.hue !== null && (
          <span
            aria-hidden
            style={{ "--hue": column.hue } as CSSProperties}
            className="dot size-2 shrink-0 rounded-full"
          />
        )}
        {count !== undefined && <span className="text-12 text-muted">{formatNumber(count)}</span>}
        <span className="min-h-0 truncate font-medium [writing-mode:vertical-rl]">{name}</span>
      </button>
    </section>
  );
}
