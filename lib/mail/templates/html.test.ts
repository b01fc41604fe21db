import { expect, it } from "vitest";
import { renderHtml } from "./html";

const TYPED = `<i title="a" lang='b'>&lt;`;
const SHOWN = "&lt;i title=&quot;a&quot; lang=&#39;b&#39;&gt;&amp;lt;";

it("escapes every text, wherever it stands", () => {
  const html = renderHtml(
    {
      subject: TYPED,
      preview: TYPED,
      title: TYPED,
      greets: TYPED,
      paragraphs: [TYPED],
      action: { label: TYPED, url: TYPED, note: TYPED },
      facts: [{ term: TYPED, value: TYPED }],
      closing: [TYPED],
    },
    { baseUrl: TYPED },
  );
  expect(html).not.toContain(TYPED);
  // The action's address stands in the button, in a link and as text; the footer's in a link and as text.
  expect(html.split(SHOWN)).toHaveLength(1 + 10 + 3 + 2);
});

it("keeps its language and its direction inside the page of a webmail that has others", () => {
  const html = renderHtml(
    { subject: "", preview: "", greets: "", paragraphs: [] },
    { baseUrl: "https://id.example.org" },
  );
  // Webmail keeps neither `html` nor `body`.
  const [, body] = html.split(/<body[^>]*>/);
  expect(body?.match(/<table[^>]*>/)?.[0]).toContain(' lang="en" dir="ltr"');
});

it("is whole for Outlook for Windows, which gets a narrow card and a button with room, and for all others", () => {
  const action = { label: "Open", url: "https://id.example.org/x", note: "" };
  const html = renderHtml(
    { subject: "", preview: "", greets: "", paragraphs: [], action },
    { baseUrl: "https://id.example.org" },
  );
  const others = html.replace(/<!--.*?-->/gs, "");
  const outlook = html.replace(/<!--\[if mso\]>|<!\[endif\]-->/g, "");
  for (const read of [others, outlook]) {
    for (const element of ["table", "tr", "td", "a", "i", "span"])
      expect(read.split(new RegExp(`<${element}\\b`)), element).toHaveLength(
        read.split(`</${element}>`).length,
      );
  }
  expect(others).toContain(">Open</a>");
  expect(outlook).toMatch(/<table[^>]* width="560"><tr><td>\s*<table[^>]* class="card"/);
  expect(outlook).toMatch(/&emsp;<\/i><span[^>]*>Open<\/span><i[^>]*>&emsp;/);
});
