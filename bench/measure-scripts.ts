import { gzipSync } from "node:zlib";
import { type Browser, type BrowserContext, chromium } from "@playwright/test";
import type { BareNext } from "./bare-next";
import type { Gatehouse } from "./gatehouse";
import { SETTINGS_PAGE } from "./measure-pages";
import type { Row } from "./table";

const KB = 1_000;
const MAX_LOGIN_KB = 150;
const MAX_SETTINGS_KB = 220;
const MAX_API_KB = 200;
/** Without a sandbox, which does not work for root, and without the browser's background traffic. */
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

type Scripts = Readonly<{ files: number; kb: number }>;

/** Loads a page with an empty cache, and adds up the size of its scripts, compressed by gzip -9. */
async function weigh(context: BrowserContext, url: string): Promise<Scripts> {
  const page = await context.newPage();
  const bodies: Promise<Buffer>[] = [];
  page.on("response", (response) => {
    if (response.request().resourceType() === "script") bodies.push(response.body());
  });
  // By `networkidle` the page has fetched everything that it loads at first.
  const answer = await page.goto(url, { waitUntil: "networkidle" });
  if (answer?.status() !== 200) throw new Error(`${url} was answered with ${answer?.status()}.`);
  const weights = (await Promise.all(bodies)).map((body) => gzipSync(body, { level: 9 }).length);
  await page.close();
  return { files: weights.length, kb: weights.reduce((sum, bytes) => sum + bytes, 0) / KB };
}

function toRow(label: string, { files, kb }: Scripts, maxKb?: number): Row {
  const limit = maxKb === undefined ? {} : { limit: `≤ ${maxKb} KB`, isWithin: kb <= maxKb };
  return {
    label,
    value: `${kb.toFixed(1)} KB`,
    note: `${files} files, gzip -9, as Chromium fetches them`,
    ...limit,
  };
}

/** Measures the JavaScript of a first visit, without `noModule` polyfills, which no current browser fetches. */
export async function measureScripts(
  executablePath: string,
  { port }: Gatehouse,
  bare: BareNext,
  cookie: string,
): Promise<Row[]> {
  const origin = `http://127.0.0.1:${port}`;
  let browser: Browser | undefined;
  try {
    // On a signal Playwright would end this process, before the shutdown has stopped the servers and removed the folder.
    const unsignalled = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
    browser = await chromium.launch({ executablePath, args: ARGUMENTS, ...unsignalled });
    const [anonymous, administrator] = [await browser.newContext(), await browser.newContext()];
    const [name = "", value = ""] = cookie.split("=", 2);
    await administrator.addCookies([{ name, value, url: origin }]);
    return [
      toRow("JavaScript, bare Next page", await weigh(anonymous, `http://127.0.0.1:${bare.port}/`)),
      toRow("JavaScript, login", await weigh(anonymous, `${origin}/login`), MAX_LOGIN_KB),
      toRow("JavaScript, settings", await weigh(administrator, `${origin}${SETTINGS_PAGE}`), MAX_SETTINGS_KB),
      toRow("JavaScript, API", await weigh(administrator, `${origin}/api-docs`), MAX_API_KB),
    ];
  } finally {
    await browser?.close();
  }
}
