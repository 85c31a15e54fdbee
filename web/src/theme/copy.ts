/** A button on each block of code that copies it. */

const SAID_FOR_MS = 2000;

export function startCopying(): void {
  if (!navigator.clipboard) return; // browsers offer it on secure pages only
  for (
    const block of document.querySelectorAll<HTMLElement>(
      ".cell_input .highlight, .highlight-bash .highlight",
    )
  ) {
    const code = block.querySelector("pre");
    if (code) block.append(copyButton(code));
  }
}

function copyButton(code: HTMLElement): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent ?? "");
      button.textContent = "Copied";
    } catch {
      button.textContent = "Not allowed here";
    }
    setTimeout(() => (button.textContent = "Copy"), SAID_FOR_MS);
  });
  return button;
}
