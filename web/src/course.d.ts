/* Written by `deno task build` from web/schema/course.schema.json; edit the model in src/mlacourse/bank. */

/**
 * The chapters that readers can open, in their order, and what is asked about them.
 */
export interface Course {
  chapters: CourseChapter[];
  parts: CoursePart[];
  exams: {
    [k: string]: CourseExam;
  };
  questions: {
    [k: string]: Placed;
  };
  cards: {
    [k: string]: Placed;
  };
}
/**
 * A chapter: what it takes, which tasks of MLA-C01 it serves, and the ids of what belongs to it.
 */
export interface CourseChapter {
  id: string;
  title: string;
  part: string;
  minutes: number;
  href: string;
  tasks: string[];
  labs: CourseLab[];
  questions: string[];
  cards: string[];
}
/**
 * A lab, and where it stands.
 */
export interface CourseLab {
  id: string;
  title: string;
  href: string;
}
/**
 * A part of the course.
 */
export interface CoursePart {
  id: string;
  title: string;
}
/**
 * An exam's domains and tasks.
 */
export interface CourseExam {
  title: string;
  domains: ExamDomain[];
}
/**
 * A domain and its weight in percent.
 */
export interface ExamDomain {
  id: string;
  title: string;
  weight: number;
  tasks: ExamTask[];
}
/**
 * A task statement.
 */
export interface ExamTask {
  id: string;
  title: string;
}
/**
 * Where a question or a card belongs: its chapter, and its task in each exam that it is for.
 */
export interface Placed {
  chapter: string;
  tasks: {
    [k: string]: string;
  };
}
