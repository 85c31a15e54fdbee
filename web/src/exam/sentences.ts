/** A stem in sentences, so that each can be marked with a button. */

const END = /(?<=[.?!][`*)’”"]{0,3}) (?=[`*(‘“"]{0,3}[A-Z0-9])/;

/** The sentences of each paragraph; no cut parts the two ends of `code` or of **strong**. */
export function sentences(text: string): string[][] {
  return text.trim().split(/\n\s*\n/).filter((part) => part.trim()).map((paragraph) => {
    const whole: string[] = [];
    let open = "";
    for (const part of paragraph.trim().replace(/\s+/g, " ").split(END)) {
      open = open ? `${open} ${part}` : part;
      if (count(open, "`") % 2 === 0 && count(open, "**") % 2 === 0) {
        whole.push(open);
        open = "";
      }
    }
    return open ? [...whole, open] : whole;
  });
}

function count(text: string, mark: string): number {
  return text.split(mark).length - 1;
}
