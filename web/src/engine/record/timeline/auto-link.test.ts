/** Text from anyone: links where there are addresses, text everywhere else. */
import { describe, expect, it } from "vitest";
import { autoLink } from "./auto-link";

const hrefs = (text: string) => autoLink(text).flatMap((part) => part.href ?? []);

describe("autoLink", () => {
  it("loses nothing of the text", () => {
    for (const text of [
      "",
      "nothing here",
      "a https://x.example/a?b=c#d, b www.y.example. c me@z.example!",
      "<img src=x onerror=alert(1)> https://x.example/<script>",
    ]) {
      expect(
        autoLink(text)
          .map((part) => part.text)
          .join(""),
      ).toBe(text);
    }
  });
  it("leaves the marks of the sentence out of the address", () => {
    expect(hrefs("See https://x.example/a. Or (https://x.example/b), or “www.x.example”!")).toEqual(
      ["https://x.example/a", "https://x.example/b", "https://www.x.example"],
    );
    expect(hrefs("https://x.example/wiki/A_(b)")).toEqual(["https://x.example/wiki/A_(b)"]);
  });
  it("links email addresses", () => {
    expect(hrefs("write to ana.ruiz+crm@mail.x.example, please")).toEqual([
      "mailto:ana.ruiz+crm@mail.x.example",
    ]);
  });
  it("never links anything that runs", () => {
    expect(hrefs("javascript:alert(1) data:text/html,x vbscript:x file:///etc/passwd")).toEqual([]);
    expect(hrefs("javascript:alert('https://x.example')")).toEqual(["https://x.example"]);
    expect(hrefs("https:// http://")).toEqual([]);
  });
});
