import { expect, it } from "vitest";
import { say } from "./audit-parts";

it("joins the texts of a sentence, and keeps people and instants apart", () => {
  const jane = { person: "jane@example.org" };
  const noon = { instant: "2026-08-01T12:00:00.000Z" };
  const [verb, link] = ["copied", "a reset link"];
  expect(say`${"Gatehouse"} ${verb} ${link} for ${jane} ${noon}${["", ": ", "late"]}`).toEqual([
    "Gatehouse copied a reset link for ",
    jane,
    " ",
    noon,
    ": late",
  ]);
});
