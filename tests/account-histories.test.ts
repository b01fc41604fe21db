import fc from "fast-check";
import { it } from "vitest";
import { PASSWORD } from "./support/histories/choices";
import { expectSameEnd } from "./support/histories/compare";
import * as administrators from "./support/histories/console-steps";
import * as people from "./support/histories/people-steps";
import { begin } from "./support/histories/run";

// Random histories: what people, administrators and thieves of links and tokens ask for, one thing after the other.
// After each step, the answer, the audit events, the mails and what works must be as in the model of the specification,
// in tests/support/histories. If one differs, fast-check prints the shortest such history that it finds.

/** The histories are the same in every run. For others, change the seed; to look for a fault, also the number. */
const SEED = 2;
const HISTORIES = 30;
/**
 * No history begins later. This leaves some out on a very busy machine, and ends the search for a shorter one that fails.
 * One that runs is not interrupted: it would go on in the database, in the middle of the next file's tests.
 */
const LIMIT_MS = 100_000;
/** More than are taken: most of those that would change nothing are left out. */
const MAX_STEPS = 62;

const { creation, ...administration } = administrators;
const { guesses, follows, forgets, forgetsByItself, exchangesCode, changesPassword } = people;
const { refreshes, continues, logsOut, makesCode } = people;
const { refreshesAcrossRotation, comesBackByBrowser } = people;
const { unlocks, disables, enables, deletes, creates, readdresses, changesAuthority } = administration;
const { issuesLink, endsSessionsOf, endsAllSessions, savesGeneral, savesPassword } = administration;
const { savesJwt, retiresKey, rollsBack } = administration;

/** Kinds of step that depend on each other. Of all kinds together, hardly two would ever meet. */
const themes = [
  [guesses, follows, forgets, changesPassword, unlocks, issuesLink, savesGeneral],
  [
    follows,
    forgets,
    changesPassword,
    changesPassword,
    makesCode,
    exchangesCode,
    savesPassword,
    forgetsByItself,
  ],
  [follows, forgets, creates, readdresses, deletes, issuesLink, disables, enables],
  [changesAuthority, disables, enables, deletes, endsSessionsOf, endsAllSessions, makesCode, exchangesCode],
  [refreshes, refreshesAcrossRotation, continues, continues, savesJwt, savesJwt, retiresKey, rollsBack],
  [refreshes, comesBackByBrowser, continues, continues, savesJwt, savesJwt, rollsBack],
  [refreshes, continues, savesJwt, makesCode, exchangesCode, changesPassword, logsOut, forgetsByItself],
];
const kinds = [...Object.values(people), ...Object.values(administration)];
const histories = fc
  .tuple(fc.constantFrom(...themes), fc.subarray(kinds, { maxLength: 2 }))
  .chain(([theme, more]) => {
    const chosen = [people.logsIn, people.logsInByBrowser, people.waits, ...theme, ...theme, ...more];
    const steps = chosen.map((kind) =>
      fc.tuple(kind, fc.nat(3)).map(([step, n]) => (n === 0 ? step : step.ifItChangesAnything())),
    );
    return fc.commands(steps, { maxCommands: MAX_STEPS, size: "max" });
  });

it("accounts, links and sessions do what the specification says, whatever came before", {
  timeout: 180_000,
}, async () => {
  const limit = performance.now() + LIMIT_MS;
  const isAsSpecified = fc.asyncProperty(histories, async (steps) => {
    if (performance.now() > limit) return;
    const start = await begin(PASSWORD);
    await creation(0, "cyd", "SYS_ADMIN").run(start.model, start.real);
    await fc.asyncModelRun(() => start, steps);
    await expectSameEnd(start.real, start.model);
  });
  await fc.assert(isAsSpecified, { numRuns: HISTORIES, seed: SEED });
});
