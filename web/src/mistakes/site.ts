/** The feedback log on the site. */
import type { Course } from "../course.d.ts";
import { whenHandedOver } from "../data.ts";
import { bankOf, type ExamDocument } from "../exam/bank.ts";
import { openLog } from "../log/log.ts";
import { mount } from "./mount.tsx";

interface Documents {
  readonly exam_bank: ExamDocument;
  readonly course: Course;
}

whenHandedOver<Documents>(["exam_bank", "course"], ({ exam_bank, course }) => {
  const root = document.querySelector<HTMLElement>("section[data-app='mistakes']");
  if (root) mount(root, bankOf(exam_bank), course.chapters, openLog());
});
