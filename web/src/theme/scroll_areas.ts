/** Areas that scroll can be reached by keyboard, but only while there is something to scroll. */

/** What each kind is called; a chart has its own name. */
const NAMES: Readonly<Record<string, string | null>> = {
  ".table-scroll": "Table, scrolls",
  ".highlight pre": "Code, scrolls",
  ".math-block": "Formula, scrolls",
  ".chart-view": null,
};

export function startScrollAreas(): void {
  for (const [selector, name] of Object.entries(NAMES)) {
    const observer = new ResizeObserver((entries) => {
      for (const entry of entries) {
        const area = entry.target.closest<HTMLElement>(selector);
        if (area) updateArea(area, name);
      }
    });
    for (const area of document.querySelectorAll<HTMLElement>(selector)) {
      observer.observe(area);
      // What is inside may grow while the area keeps its size.
      for (const child of area.children) observer.observe(child);
      new MutationObserver(() => {
        for (const child of area.children) observer.observe(child);
      }).observe(area, { childList: true });
    }
  }
}

function updateArea(area: HTMLElement, name: string | null): void {
  const scrolls = area.scrollWidth > area.clientWidth + 1 || area.scrollHeight > area.clientHeight + 1;
  const attributes = { tabindex: "0", ...(name === null ? {} : { role: "group", "aria-label": name }) };
  for (const [attribute, value] of Object.entries(attributes)) {
    if (scrolls) area.setAttribute(attribute, value);
    else area.removeAttribute(attribute);
  }
}
