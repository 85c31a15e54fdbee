/** Areas that scroll can be reached by keyboard, but only while there is something to scroll. */

const AREAS = ".table-scroll, .highlight pre, .math-block";

export function startScrollAreas(): void {
  const observer = new ResizeObserver((entries) => {
    for (const entry of entries) updateArea(entry.target as HTMLElement);
  });
  for (const area of document.querySelectorAll<HTMLElement>(AREAS)) observer.observe(area);
}

function updateArea(area: HTMLElement): void {
  if (area.scrollWidth <= area.clientWidth + 1 && area.scrollHeight <= area.clientHeight + 1) {
    for (const attribute of ["tabindex", "role", "aria-label"]) area.removeAttribute(attribute);
    return;
  }
  area.tabIndex = 0;
  area.setAttribute("role", "group");
  area.setAttribute("aria-label", areaName(area));
}

function areaName(area: HTMLElement): string {
  if (area.matches(".table-scroll")) return "Table, scrolls";
  return area.matches(".math-block") ? "Formula, scrolls" : "Code, scrolls";
}
