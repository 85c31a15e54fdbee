/** A chart's data as a table, made when somebody opens it and the page was served without one. */

type Row = Readonly<Record<string, unknown>>;
type DataSet = {
  readonly name: string;
  readonly values?: unknown;
  readonly transform?: readonly { readonly type: string }[];
};

/**
 * Fills `details.chart-data` as soon as it is open. The text is parsed anew, since Vega writes into the rows it gets;
 * `generated` tells the rows of a set that the specification makes up itself, a sequence.
 */
export function fillTable(figure: HTMLElement, source: string, generated: (set: string) => unknown[]): void {
  const details = figure.querySelector<HTMLDetailsElement>("details.chart-data");
  if (!details || details.querySelector("table")) return;
  const title = figure.querySelector("figcaption")?.textContent?.trim() || "chart";
  const fill = () => {
    const sets = tablesOf(JSON.parse(source), generated);
    details.append(
      ...sets.map((rows, index) =>
        scrolling(table(rows), sets.length > 1 ? `Data of ${title}, part ${index + 1}` : `Data of ${title}`)
      ),
    );
  };
  // A reader may have opened it before the chart came near.
  if (details.open) fill();
  else details.addEventListener("toggle", fill, { once: true });
}

/** The data sets that a specification brings along; a lone value that only places a label is none. */
function tablesOf(
  spec: { readonly data?: readonly DataSet[] },
  generated: (set: string) => unknown[],
): Row[][] {
  const sets = (spec.data ?? [])
    .map((set) => set.transform?.some(({ type }) => type === "sequence") ? generated(set.name) : set.values)
    .map((rows) => Array.isArray(rows) ? rows.filter(isRow) : [])
    .filter((rows) => rows.length > 0 && columnsOf(rows).length > 0);
  const large = sets.filter((rows) => rows.length > 1);
  return large.length > 0 ? large : sets;
}

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null;
}

function columnsOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

function table(rows: readonly Row[]): HTMLTableElement {
  const columns = columnsOf(rows);
  const result = document.createElement("table");
  const head = result.createTHead().insertRow();
  for (const column of columns) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = column;
    head.append(cell);
  }
  const body = result.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const column of columns) line.insertCell().textContent = words(row[column]);
  }
  return result;
}

function words(value: unknown): string {
  if (value == null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A box that scrolls by keyboard too, so that a wide table never widens the page. */
function scrolling(content: HTMLElement, name: string): HTMLElement {
  const box = document.createElement("div");
  box.className = "chart-table";
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", name);
  box.append(content);
  return box;
}
