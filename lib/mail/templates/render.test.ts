import { expect, it } from "vitest";
import { mailKinds } from "../schema";
import { renderLetter } from "./render";
import { sampleValues } from "./samples";

const values = sampleValues(new Date("2026-11-24T09:15:00Z"));
const baseUrl = "https://gate.example.org:8443";

it.each(mailKinds)(
  "%s leads to Gatehouse's address of now, whatever it was when the mail was queued",
  (kind) => {
    const { html, text } = renderLetter(kind, values[kind], { baseUrl });
    expect(text + html).not.toContain("localhost:3000");
  },
);

it("keeps the page and the secret of a link", () => {
  const { html, text } = renderLetter("activation", values.activation, { baseUrl });
  for (const form of [html, text]) expect(form).toContain(`${baseUrl}/activate?token=${"a".repeat(43)}`);
});
