/** Progress and journal as a Markdown file that the learner can keep. */
import type { Milestone } from "./milestones.ts";
import type { Progress, Ticked } from "./model.ts";
import type { DomainStanding, Standing } from "./mastery.ts";
import { dayOf } from "../log/days.ts";
import { day } from "../quiz/words.ts";
import { evidenceLine, masteryLine, quizLine } from "./words.ts";

export function fileName({ today }: Pick<Progress, "today">): string {
  return `ml-engineer-progress-${today}.md`;
}

export function markdown(progress: Progress): string {
  const { exam, today, domains, parts, tools, computed, byHand, notes } = progress;
  const chapters = parts.flatMap(({ chapters }) => chapters);
  const labs = chapters.flatMap(({ labs }) => labs).filter(({ done }) => done !== null);
  const mastered = tools.flatMap((group) => group.tools).filter(({ since }) => since !== null);
  const reached = [
    ...computed.filter((milestone) => milestone.reached !== null).map(reachedLine),
    ...byHand.filter(({ since }) => since !== null).map(tickedLine),
  ];
  return `${
    [
      `# Progress, ${day(today)}`,
      `## Mastery, ${exam.toUpperCase()}`,
      table(["Task", "Mastery", "It rests on"], domains.flatMap((domain) => masteryRows(domain, today))),
      "## Chapters",
      table(
        ["Chapter", "Read", "Quiz"],
        chapters.map((
          chapter,
        ) => [escaped(chapter.title), chapter.read ? day(dayOf(chapter.read)) : "", quizLine(chapter)]),
      ),
      "## Labs done",
      list(labs.map(({ title, done }) =>
        `${escaped(title)}, ${day(dayOf(done!.since))}${
          done!.by === "notebook" ? ", checked in the notebook" : ""
        }`
      )),
      "## Tools mastered",
      list(mastered.map(tickedLine)),
      "## Milestones",
      list(reached),
      "## Journal",
      ...(notes.length === 0
        ? ["No notes."]
        : notes.flatMap(({ date, text }) => [`### ${day(date)}`, noteText(text)])),
    ].join("\n\n")
  }\n`;
}

function masteryRows(domain: DomainStanding, today: string): string[][] {
  const row = (
    { id, title, mastery }: Standing,
  ) => [`${id} ${title}`, masteryLine(mastery), evidenceLine(mastery, today)];
  const [name, ...rest] = row(domain);
  return [
    [`**${escaped(name!)}**`, ...rest],
    ...domain.tasks.map(row).map(([task, ...cells]) => [escaped(task!), ...cells]),
  ];
}

function reachedLine({ title, reached }: Milestone): string {
  return `${escaped(title)}, ${day(dayOf(reached!))}`;
}

function tickedLine({ title, since }: Ticked): string {
  return `${escaped(title)}, ${day(since!)}`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(heads), line(heads.map(() => ":--")), ...rows.map(line)].join("\n");
}

function list(items: readonly string[]): string {
  return items.length === 0 ? "None yet." : items.map((item) => `- ${item}`).join("\n");
}

/** Text of the course in a cell or a list: no character of it is taken for markup. */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>|#]/g, "\\$&").replace(/\s+/g, " ");
}

/** A note keeps the Markdown that its writer typed, as a quotation: nothing in it becomes a heading or HTML of the file. */
function noteText(text: string): string {
  return text.trim().replaceAll("<", "\\<").split(/\r\n|\r|\n/).map((line) => `> ${line}`.trimEnd()).join(
    "\n",
  );
}
