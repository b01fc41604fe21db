import { describe, expect, it } from "vitest";
import * as mail from "./mail/outbox-address";
import * as sessions from "./sessions/sessions-address";
import { historyAddress } from "./settings/history/history-address";
import * as users from "./users/users-address";

describe("the address of a list keeps every filter, the order and the cursor", () => {
  it.each([
    [
      users.usersAddress({
        search: "ada",
        state: "locked",
        authority: "SYS_ADMIN",
        sort: "newest",
        after: "1",
      }),
      "/users?search=ada&state=locked&authority=SYS_ADMIN&sort=newest&after=1",
    ],
    [users.usersAddress({ sort: "email" }), "/users"],
    [
      sessions.sessionsAddress({ search: "ada", kind: "REST", user: "u", key: "k", after: "1" }),
      "/sessions?search=ada&kind=REST&user=u&key=k&after=1",
    ],
    [
      mail.outboxAddress({ state: "FAILED", recipient: "ada", after: "1" }),
      "/mail?state=FAILED&recipient=ada&after=1",
    ],
    [historyAddress({ panel: "jwt", after: "1" }), "/settings/history?panel=jwt&after=1"],
  ])("%s", (address, expected) => {
    expect(address).toBe(expected);
  });
});

describe("the order and the cursor are no filter, all else is", () => {
  it.each([
    ["users", users.isFiltered({ sort: "newest", after: "1" }), false],
    ["users by search", users.isFiltered({ search: "ada", sort: "email" }), true],
    ["users by state", users.isFiltered({ state: "locked", sort: "email" }), true],
    ["users by authority", users.isFiltered({ authority: "SYS_ADMIN", sort: "email" }), true],
    ["sessions", sessions.isFiltered({ after: "1" }), false],
    ["sessions by search", sessions.isFiltered({ search: "ada" }), true],
    ["sessions by kind", sessions.isFiltered({ kind: "REST" }), true],
    ["sessions by person", sessions.isFiltered({ user: "u" }), true],
    ["sessions by key", sessions.isFiltered({ key: "k" }), true],
    ["mails", mail.isFiltered({ after: "1" }), false],
    ["mails by state", mail.isFiltered({ state: "FAILED" }), true],
    ["mails by recipient", mail.isFiltered({ recipient: "ada" }), true],
  ])("%s", (_list, isFiltered, expected) => {
    expect(isFiltered).toBe(expected);
  });
});
