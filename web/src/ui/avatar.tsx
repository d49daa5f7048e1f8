/** Who or what: a picture, or initials on a hue that stays with the name. */
import type { CSSProperties } from "react";
import { cx } from "@/lib/cx";
import { hue } from "@/ui/tone";

export type AvatarSize = 16 | 20 | 24 | 32 | 40;

const SIZES: Record<AvatarSize, string> = {
  16: "size-4 text-[8px]",
  20: "size-5 text-[9px]",
  24: "size-6 text-[10px]",
  32: "size-8 text-12",
  40: "size-10 text-14",
};

export function initials(name: string): string {
  const words = name
    .replace(/[^\p{L}\p{N}\s&]/gu, " ")
    .trim()
    .split(/\s+/)
    .filter(Boolean);
  const first = [...(words[0] ?? "?")][0] ?? "?";
  const last = words.length > 1 ? ([...(words[words.length - 1] ?? "")][0] ?? "") : "";
  return `${first}${last}`.toUpperCase();
}

export function Avatar({
  name,
  image,
  size = 20,
  square = false,
  className,
}: {
  name: string;
  image?: string | null | undefined;
  size?: AvatarSize;
  square?: boolean;
  className?: string;
}) {
  const shape = cx(
    "inline-flex shrink-0 select-none items-center justify-center overflow-hidden",
    square ? "rounded-tag" : "rounded-full",
    SIZES[size],
    className,
  );
  if (image) return <img src={image} alt="" className={cx(shape, "object-cover")} />;
  return (
    <span
      aria-hidden
      style={{ "--hue": hue(name) } as CSSProperties}
      className={cx(shape, "tint font-semibold")}
    >
      {initials(name)}
    </span>
  );
}
