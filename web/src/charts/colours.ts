/** The page's colours as the chart needs them: resolved, and again whenever the page changes between light and dark. */

/** Signals of every chart; their values are CSS colours. */
export interface Colours {
  readonly chart_text: string;
  readonly chart_muted: string;
  readonly chart_line: string;
  readonly chart_ground: string;
}

/** Resolved by the browser, whatever syntax the custom properties use. */
export function colours(within: HTMLElement): Colours {
  const probe = document.createElement("span");
  probe.hidden = true;
  within.append(probe);
  const resolved = (property: string, fallback: string): string => {
    probe.style.color = `var(${property}, ${fallback})`;
    return getComputedStyle(probe).color;
  };
  const result = {
    chart_text: resolved("--color-text", "CanvasText"),
    chart_muted: resolved("--color-muted", "CanvasText"),
    chart_line: resolved("--color-border", "GrayText"),
    chart_ground: resolved("--color-bg", "Canvas"),
  };
  probe.remove();
  return result;
}

export function onColourChange(listener: () => void): void {
  new MutationObserver(listener).observe(document.documentElement, {
    attributeFilter: ["data-theme", "class"],
  });
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
    matchMedia(query).addEventListener("change", listener);
  }
}
