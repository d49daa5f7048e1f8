/** What spreadsheets write is read as they mean it. */
import { describe, expect, it } from "vitest";
import { readTsv, writeTsv } from "@/engine/list/tsv";

describe("tab-separated cells", () => {
  it.each<[string, string[][]]>([
    ["a", [["a"]]],
    ["", [[""]]],
    [
      "a\tb\nc\td",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "a\tb\r\nc\td\r\n",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "a\t\n\tb\n",
      [
        ["a", ""],
        ["", "b"],
      ],
    ],
    ['"two\nlines"\tb\n', [["two\nlines", "b"]]],
    ['"say ""hi"""\t"tab\there"', [['say "hi"', "tab\there"]]],
    ['5" screen\tb', [['5" screen', "b"]]],
    ['"quoted" but not all\tb', [['"quoted" but not all', "b"]]],
    ['"open\tb', [['"open', "b"]]],
  ])("reads %j", (text, cells) => {
    expect(readTsv(text)).toEqual(cells);
  });

  it("reads what it wrote", () => {
    const cells = [
      ["plain", 'a "b"', "x\ty"],
      ["two\nlines", "", "ñ 💶"],
    ];
    expect(readTsv(writeTsv(cells))).toEqual(cells);
  });
});
