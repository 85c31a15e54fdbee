/* Written by `deno task build` from web/schema/progress.schema.json; edit the model in src/mlacourse/bank. */

/**
 * The lists, and the scale of each exam.
 */
export interface ProgressLists {
  tools: ToolGroup[];
  milestones: Tick[];
  scales: {
    [k: string]: ExamScale;
  };
}
/**
 * Tools for one kind of work.
 */
export interface ToolGroup {
  title: string;
  tools: Tick[];
}
/**
 * Something to tick.
 */
export interface Tick {
  /**
   * Lower-case words joined by hyphens; stable for ever.
   */
  id: string;
  title: string;
}
/**
 * How an exam is marked.
 */
export interface ExamScale {
  questions: number;
  lowest_score: number;
  highest_score: number;
  pass_score: number;
}
