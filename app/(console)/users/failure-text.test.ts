import { describe, expect, it } from "vitest";
import { failureText } from "./failure-text";

const unanswered = ["unavailable", "unexpected", "unreachable"] as const;

describe("failureText", () => {
  it.each(unanswered)("sends nobody away from a form that keeps what was entered: %s", (code) => {
    const { text } = failureText({ ok: false, code, requestId: "" }, { keepsEntry: true });
    expect(text).toMatch(/What you entered is still here/);
    expect(text).not.toMatch(/[Rr]eload/);
  });

  it("says to note what was entered before a reload that nothing can replace", () => {
    const { text } = failureText({ ok: false, code: "outdated" }, { keepsEntry: true });
    expect(text).toBe("Nothing was changed. Note what you entered, then reload the page and enter it again.");
  });

  it("says to log in beside a form that keeps what was entered", () => {
    const { text } = failureText({ ok: false, code: "unauthenticated", requestId: "" }, { keepsEntry: true });
    expect(text).toBe(
      "Nothing was changed, and what you entered is still here. Log in again in another tab, then send it from this one.",
    );
  });

  it("names the request to look up", () => {
    const { text } = failureText({ ok: false, code: "unexpected", requestId: "7" }, { keepsEntry: true });
    expect(text).toMatch(/ Request 7\.$/);
  });

  it.each(unanswered)("says to look at the page again after a change that is a button: %s", (code) => {
    expect(failureText({ ok: false, code, requestId: "" }).text).toMatch(/Reload the page/);
  });

  it.each(unanswered)("says that nothing was changed where only a question was asked: %s", (code) => {
    const { text } = failureText({ ok: false, code, requestId: "" }, { onlyAsked: true });
    expect(text).toBe("Nothing was changed. Try again.");
  });

  it("has a title without a full stop, like every notice in a page", () => {
    expect(failureText({ ok: false, code: "unreachable" }).title).toBe("Gatehouse cannot be reached");
  });

  it("says the same of both of what was refused", () => {
    const failure = { ok: false, code: "oneself" } as const;
    expect(failureText(failure, { keepsEntry: true })).toEqual(failureText(failure));
  });
});
