/** Today on the front page: who has no log yet reads on undisturbed, and nothing more is loaded. */
import { isLogKept } from "../log/kept.ts";

/** Relative as it stands in the page, so that addresses in the data stay relative too. */
const here = document.currentScript?.getAttribute("src") ?? "";

if (isLogKept()) {
  for (const name of ["today_list.js", "course.js"]) {
    const script = document.createElement("script");
    script.src = here.replace(/today\.js.*$/, name);
    // In their order: the list listens before the course is handed over.
    script.async = false;
    document.head.append(script);
  }
}
