import { counted } from "@/lib/core/count/rules";

/** As much of an account as the words of a change need. */
export type ChangeStory = { email: string; isOneself: boolean; liveSessions: number };

export type ChangeName = "unlock" | "enable" | "disable" | "endSessions";

export type ChangeWords = {
  label: string;
  done: string;
  /** Asked before it is done, where it takes something from somebody. */
  question?: { title: string; consequence: string; confirm: string };
};

/** What becomes of the sessions: "The 2 live sessions end now." */
function sessionsEnd(n: number): string {
  if (n === 0) return "No session is open.";
  return n === 1
    ? "The one live session ends at once."
    : `The ${counted(n, "session")} that are open end at once.`;
}

/** Each change of an account in words: what its button says, what it asks, and what it says when done. */
export const changeWords: Record<ChangeName, (story: ChangeStory) => ChangeWords> = {
  unlock: ({ email }) => ({ label: "Unlock", done: `Unlocked. ${email} may log in at once.` }),
  enable: ({ email }) => ({ label: "Enable", done: `Enabled. ${email} may log in again.` }),
  disable: ({ email, liveSessions }) => ({
    label: "Disable",
    done: `Disabled. ${email} is logged out and cannot log in.`,
    question: {
      title: `Disable ${email}?`,
      consequence: `${email} cannot log in until somebody enables the account again. ${sessionsEnd(liveSessions)} Links that were sent stop working for good.`,
      confirm: "Disable account",
    },
  }),
  endSessions: ({ email, isOneself, liveSessions }) => ({
    label: `End sessions (${liveSessions.toLocaleString("en-US")})`,
    done: isOneself ? "Your sessions have ended." : `Ended. ${email} is logged out everywhere.`,
    question: {
      title: isOneself ? "End your own sessions?" : `End the sessions of ${email}?`,
      consequence: isOneself
        ? `${sessionsEnd(liveSessions)} This one is among them: you will have to log in again.`
        : `${sessionsEnd(liveSessions)} ${email} may log in again with the same password.`,
      confirm: "End sessions",
    },
  }),
};
