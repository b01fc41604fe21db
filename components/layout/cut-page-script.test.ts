import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { cutPageScript } from "./cut-page-script";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Runs the script in a page of which a part has arrived; the result can be changed, as a browser does. */
function openPage(scripts?: "lost") {
  const marks: { scripts?: string; frame?: string } = scripts ? { scripts } : {};
  const page = { marks, elements: 7, files: 3, path: "/audit", readyState: "loading" };
  const document = {
    documentElement: { dataset: marks },
    getElementsByTagName: () => ({ length: page.elements }),
    getElementById: () => ({}),
    get readyState() {
      return page.readyState;
    },
  };
  const location = {
    get pathname() {
      return page.path;
    },
  };
  const performance = { getEntriesByType: () => ({ length: page.files }) };
  runInNewContext(cutPageScript, { document, location, performance, setInterval, clearInterval });
  return page;
}

it("a page is cut once neither a part of it nor a file has arrived for ten seconds", () => {
  const page = openPage();
  for (const what of ["elements", "files", "elements"] as const) {
    page[what] += 1;
    vi.advanceTimersByTime(10_000);
    expect(page.marks.scripts).toBeUndefined();
  }
  vi.advanceTimersByTime(1_000);
  expect(page.marks.scripts).toBe("cut");
});

it.each<[string, (page: ReturnType<typeof openPage>) => void]>([
  [
    "its rest arrives",
    (page) => {
      page.readyState = "interactive";
      page.marks.frame = "at-work";
    },
  ],
  [
    "another page takes its place",
    (page) => {
      page.path = "/login";
    },
  ],
])("a page that was cut is so no more when %s, unless a script is lost", (_what, goOn) => {
  for (const [before, after] of [
    [undefined, undefined],
    ["lost", "lost"],
  ] as const) {
    const page = openPage(before);
    vi.advanceTimersByTime(15_000);
    expect(page.marks.scripts).toBe(before ?? "cut");
    goOn(page);
    vi.advanceTimersByTime(1_000);
    expect(page.marks.scripts).toBe(after);
    expect(vi.getTimerCount()).toBe(0);
  }
});
