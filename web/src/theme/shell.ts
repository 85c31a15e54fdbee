/** What moves in the page's frame: colours, menus, copying code, search. The page is whole without it. */
import { startCopying } from "./copy.ts";
import { startDisplaySettings } from "./display.ts";
import { startInstalling } from "./install.ts";
import { startMenus } from "./menus.ts";
import { startScrollAreas } from "./scroll_areas.ts";
import { startSearch } from "./search/search.ts";

function start(): void {
  startDisplaySettings();
  startMenus();
  startScrollAreas();
  startCopying();
  startSearch();
  startInstalling();
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
