/** Vega logs an error in a running chart and goes on with half of it; here the first one is kept to be told. */
import { logger, type LoggerInterface } from "vega-util";

const ERRORS_ONLY = 1;

export interface Failures {
  readonly logger: LoggerInterface;
  readonly first: () => Error | null;
}

export function failures(): Failures {
  let first: Error | null = null;
  const tell = (_method: string, _level: string, [error]: readonly unknown[]): void => {
    console.error(error);
    first ??= error instanceof Error ? error : new Error(String(error));
  };
  return { logger: logger(ERRORS_ONLY, "error", tell), first: () => first };
}
