/** The parts of an account that the text of a change needs. */
export type ChangeFacts = { email: string; isOneself: boolean; liveSessions: number };

export type ChangeName = "unlock" | "enable" | "disable" | "endSessions";

type ChangeWords = {
  label: string;
  /** The notice afterwards, with the address that the account had then. */
  done: (email: string) => string;
  /** The confirmation before a change that takes something away. */
  question?: { title: string; consequence: string; confirm: string };
};

/** Says what happens to the sessions: "The 2 live sessions end at once." */
function sessionsEnd(n: number): string {
  if (n === 0) return "There are no live sessions.";
  return n === 1
    ? "The one live session ends at once."
    : `The ${n.toLocaleString("en-US")} live sessions end at once.`;
}

/** The texts of each change of an account: button, confirmation and the notice afterwards. */
export const changeWords: Record<ChangeName, (facts: ChangeFacts) => ChangeWords> = {
  // What comes after a lock or a disabling, such as an expired password, the page says itself.
  unlock: () => ({ label: "Unlock", done: (current) => `Unlocked. ${current} can try again at once.` }),
  enable: () => ({ label: "Enable", done: (current) => `Enabled. ${current} may log in again.` }),
  disable: ({ email, liveSessions }) => ({
    label: "Disable",
    done: (current) => `Disabled. ${current} is logged out and cannot log in.`,
    question: {
      title: `Disable ${email}?`,
      consequence: `${email} cannot log in until somebody enables the account again. ${sessionsEnd(liveSessions)} Links sent earlier stop working permanently.`,
      confirm: "Disable account",
    },
  }),
  endSessions: ({ email, isOneself, liveSessions }) => ({
    label: `End sessions (${liveSessions.toLocaleString("en-US")})`,
    done: (current) =>
      isOneself ? "Your sessions have ended." : `Ended. ${current} is logged out everywhere.`,
    question: {
      title: isOneself ? "End your own sessions?" : `End the sessions of ${email}?`,
      consequence: isOneself
        ? `${sessionsEnd(liveSessions)} That includes this one: you will have to log in again.`
        : `${sessionsEnd(liveSessions)} The password stays the same: if somebody else may know it, disable the account instead.`,
      confirm: "End sessions",
    },
  }),
};
