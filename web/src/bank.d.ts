/* Written by `deno task build` from web/schema/quiz.schema.json; edit the model in src/mlacourse/bank. */

/**
 * A chapter's quiz as the browser gets it.
 */
export interface QuizDocument {
  id: string;
  title: string;
  questions: (MultipleChoice | MultipleResponse | Ordering | Matching | CaseStudy)[];
}
/**
 * One correct option and three distractors.
 */
export interface MultipleChoice {
  /**
   * Lower-case words joined by hyphens; stable for ever.
   */
  id: string;
  exams: {
    [k: string]: string[];
  };
  /**
   * 1 recall, 2 apply, 3 competing constraints
   */
  difficulty: number;
  stem: string;
  /**
   * @minItems 1
   */
  sources: Source[];
  reviewed: string;
  services?: string[];
  options: Option[];
  type: "multiple_choice";
  learn_link: Link;
}
/**
 * A page that was read, and the day it was read.
 */
export interface Source {
  url: string;
  checked: string;
}
/**
 * One answer of a multiple-choice or multiple-response question, with its own reason.
 */
export interface Option {
  /**
   * Lower-case words joined by hyphens; stable for ever.
   */
  id: string;
  text: string;
  correct?: boolean;
  why: string;
}
/**
 * A link to a chapter's section.
 */
export interface Link {
  href: string;
  label: string;
}
/**
 * Two or more correct options of five or more; all must be selected.
 */
export interface MultipleResponse {
  /**
   * Lower-case words joined by hyphens; stable for ever.
   */
  id: string;
  exams: {
    [k: string]: string[];
  };
  /**
   * 1 recall, 2 apply, 3 competing constraints
   */
  difficulty: number;
  stem: string;
  /**
   * @minItems 1
   */
  sources: Source[];
  reviewed: string;
  services?: string[];
  options: Option[];
  type: "multiple_response";
  learn_link: Link;
}
/**
 * Three to five responses to put in order; distractors may stand among them.
 */
export interface Ordering {
  /**
   * Lower-case words joined by hyphens; stable for ever.
   */
  id: string;
  exams: {
    [k: string]: string[];
  };
  /**
   * 1 recall, 2 apply, 3 competing constraints
   */
  difficulty: number;
  stem: string;
  /**
   * @minItems 1
   */
  sources: Source[];
  reviewed: string;
  services?: string[];
  type: "ordering";
  responses: Response[];
  learn_link: Link;
}
/**
 * A response to put in order or to match; an ordering response without a position is a distractor.
 */
export interface Response {
  /**
   * Lower-case words joined by hyphens; stable for ever.
   */
  id: string;
  text: string;
  position?: number | null;
  why?: string | null;
}
/**
 * Three to seven prompts, each with the response that belongs to it.
 */
export interface Matching {
  /**
   * Lower-case words joined by hyphens; stable for ever.
   */
  id: string;
  exams: {
    [k: string]: string[];
  };
  /**
   * 1 recall, 2 apply, 3 competing constraints
   */
  difficulty: number;
  stem: string;
  /**
   * @minItems 1
   */
  sources: Source[];
  reviewed: string;
  services?: string[];
  type: "matching";
  /**
   * @minItems 3
   * @maxItems 7
   */
  prompts: Prompt[];
  /**
   * @minItems 2
   */
  responses: Response[];
  learn_link: Link;
}
/**
 * One prompt of a matching question and the response that belongs to it.
 */
export interface Prompt {
  /**
   * Lower-case words joined by hyphens; stable for ever.
   */
  id: string;
  text: string;
  /**
   * Lower-case words joined by hyphens; stable for ever.
   */
  answer: string;
  why: string;
}
/**
 * One scenario with two or more questions, each graded by itself.
 *
 * The questions inherit ``learn``, ``sources``, ``reviewed`` and ``exams`` where they have none.
 */
export interface CaseStudy {
  /**
   * Lower-case words joined by hyphens; stable for ever.
   */
  id: string;
  type: "case_study";
  scenario: string;
  /**
   * @minItems 2
   */
  questions: (MultipleChoice | MultipleResponse | Ordering | Matching)[];
}
