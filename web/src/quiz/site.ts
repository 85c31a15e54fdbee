/** The quiz on the site: takes the place of the questions that the page was served with. */
import type { QuizDocument } from "../bank.d.ts";
import { lastAnswers } from "../log/answers.ts";
import { openLog } from "../log/log.ts";
import { mount } from "./mount.tsx";

function start(): void {
  const log = openLog();
  for (const section of document.querySelectorAll("section[data-quiz]")) {
    const source = section.querySelector("script[type='application/json']")?.textContent;
    if (!source) continue;
    const quiz: QuizDocument = JSON.parse(source);
    mount(section, quiz, {
      newTab: false,
      past: lastAnswers(log.events(), quiz.id),
      notice: log.notice,
      wayToSite: () => null,
      record: (answer) => log.append({ type: "answer", quiz: quiz.id, ...answer }),
    });
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
