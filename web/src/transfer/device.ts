/** What a browser calls itself, in words that a learner knows and that tell nobody apart: `Firefox on Windows`. */

const BROWSERS = [
  ["Edg", "Edge"],
  ["OPR", "Opera"],
  ["SamsungBrowser", "Samsung Internet"],
  ["Firefox", "Firefox"],
  ["FxiOS", "Firefox"],
  ["CriOS", "Chrome"],
  ["Chrome", "Chrome"],
  ["Safari", "Safari"],
] as const;

const SYSTEMS = [
  ["Android", "Android"],
  ["iPhone", "an iPhone"],
  ["iPad", "an iPad"],
  ["CrOS", "ChromeOS"], // codespell:ignore cros
  ["Windows", "Windows"],
  ["Mac OS X", "a Mac"],
  ["Linux", "Linux"],
] as const;

export function deviceName(userAgent: string): string {
  const browser = BROWSERS.find(([token]) => userAgent.includes(`${token}/`))?.[1] ?? "A browser";
  const system = SYSTEMS.find(([token]) => userAgent.includes(token))?.[1];
  return system === undefined ? browser : `${browser} on ${system}`;
}
