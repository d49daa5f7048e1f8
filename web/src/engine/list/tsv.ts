/** Cells as spreadsheets put them on the clipboard: tabs between cells, lines between rows, quotes around both. */

export function readTsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  const source = text.replace(/\r\n?/g, "\n");
  for (let at = 0; at < source.length; at++) {
    const char = source[at];
    if (quoted) {
      if (char !== '"') cell += char;
      else if (source[at + 1] === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (char === '"' && cell === "" && closes(source, at)) quoted = true;
    else if (char === "\t") {
      row.push(cell);
      cell = "";
    } else if (char === "\n") {
      rows.push([...row, cell]);
      row = [];
      cell = "";
    } else cell += char;
  }
  // A last line break ends the last row; it begins no other.
  if (cell !== "" || row.length > 0 || rows.length === 0) rows.push([...row, cell]);
  return rows;
}

/** Whether a quote at the start of a cell is closed at the end of one: `"5" screen` is text. */
function closes(source: string, start: number): boolean {
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] !== '"') continue;
    if (source[at + 1] === '"') at++;
    else return [undefined, "\t", "\n"].includes(source[at + 1]);
  }
  return false;
}

export function writeTsv(rows: readonly (readonly string[])[]): string {
  const quote = (cell: string) => (/[\t\n\r"]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell);
  return rows.map((row) => row.map(quote).join("\t")).join("\n");
}
