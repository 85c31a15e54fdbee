/** The course's data, which come as scripts that hand them over once: no fetch, which `file://` refuses. */

interface Handed {
  /** The way from the page to the site's root, where the addresses in the content start. */
  readonly root: string;
  readonly content: unknown;
}

/** Calls back once, when every one of the named documents has been handed over. */
export function whenHandedOver<Documents extends object>(
  names: readonly (keyof Documents & string)[],
  start: (documents: Documents) => void,
): void {
  const documents = new Map<string, unknown>();
  for (const name of names) {
    document.addEventListener(`mlacourse:${name}`, (event) => {
      const { root, content } = (event as CustomEvent<Handed>).detail;
      documents.set(name, withAddresses(content, root));
      if (documents.size === names.length) start(Object.fromEntries(documents) as Documents);
    }, { once: true });
  }
}

/** Makes every `href` in JSON values an address seen from the page. */
function withAddresses(value: unknown, root: string): unknown {
  if (Array.isArray(value)) return value.map((entry) => withAddresses(entry, root));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      key === "href" && typeof entry === "string" ? root + entry : withAddresses(entry, root),
    ]),
  );
}
