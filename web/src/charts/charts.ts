/** Brings charts to life when they come near: the runtime is fetched once, and only then. */
import { MOUNT, tellFailure } from "./event.ts";

const NEAR = "300px";

/** The runtime's address: beside this script. Read now, since `currentScript` is gone later. */
const runtime = new URL("vega.js", (document.currentScript as HTMLScriptElement).src).href;

let loading: Promise<void> | null = null;

function load(): Promise<void> {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = runtime;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error("its program did not load"));
    document.head.append(script);
  });
  return loading;
}

async function mount(figure: Element): Promise<void> {
  try {
    await load();
    figure.dispatchEvent(new Event(MOUNT, { bubbles: true }));
  } catch (error) {
    tellFailure(figure, error instanceof Error ? error.message : String(error));
  }
}

function start(): void {
  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      mount(target);
    }
  }, { rootMargin: NEAR });
  for (const figure of document.querySelectorAll("figure[data-chart]")) observer.observe(figure);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
