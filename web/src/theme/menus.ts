/** The menus that open over the page on a phone: closed when the reader leaves them or has chosen. */

export function startMenus(): void {
  for (const menu of document.querySelectorAll<HTMLElement>("[popover]")) {
    menu.addEventListener("focusout", (event) => {
      const next = event.relatedTarget;
      if (next instanceof Node && !menu.contains(next) && isOpen(menu)) menu.hidePopover();
    });
    menu.addEventListener("click", (event) => {
      if (event.target instanceof Element && event.target.closest("a") && isOpen(menu)) menu.hidePopover();
    });
  }
}

function isOpen(menu: HTMLElement): boolean {
  return menu.matches(":popover-open");
}
