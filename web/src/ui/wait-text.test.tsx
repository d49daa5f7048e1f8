// @vitest-environment jsdom
/** The wait counts down in sight, and is read out when it begins and when it is over. */
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Problem } from "@/lib/problem";
import { messages } from "@/locales/en.po";
import { WaitText } from "@/ui/wait-text";

i18n.loadAndActivate({ locale: "en", messages });
beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const plain = (element: Element | null) => element?.textContent?.replaceAll("\u00a0", " ");

it("counts down to the next try", () => {
  const problem = new Problem("limited", "", { wait: 3 });
  const { container } = render(
    <I18nProvider i18n={i18n}>
      <WaitText problem={problem} />
    </I18nProvider>,
  );
  const seen = () => plain(container.querySelector("[aria-hidden]"));
  const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms));
  expect(seen()).toContain("Try again in 3 seconds");
  pass(2_000);
  expect(seen()).toContain("Try again in 1 second.");
  expect(plain(screen.getByRole("alert"))).toContain("in 3 seconds");
  pass(1_000);
  expect(seen()).toBe("You can try again now.");
  expect(screen.getByRole("alert").textContent).toBe("You can try again now.");
});
