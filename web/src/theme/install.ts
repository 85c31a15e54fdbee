/** Tells the browser that the site can be installed; one that was opened from a folder cannot, and would be complained of. */

const OWN = document.currentScript;

export function startInstalling(): void {
  if (!location.protocol.startsWith("http") || !(OWN instanceof HTMLScriptElement)) return;
  const link = document.createElement("link");
  link.rel = "manifest";
  link.href = new URL("manifest.webmanifest", OWN.src).href;
  document.head.append(link);
}
