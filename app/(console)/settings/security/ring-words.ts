import { awayText } from "@/components/ui/age-text";
import { counted, countedUpToLimit } from "@/lib/core/count/rules";
import type { RetirementReach } from "@/lib/jwt-security/service/retire-key";
import type { KeyState } from "@/lib/tokens/rules";

const retired = {
  time: "Its last token had expired.",
  administrator: "Early, by an administrator.",
  "sign-out": "When everyone was signed out.",
} as const;

/**
 * Describes a key's state in a label and a sentence.
 * @param sessions how many still use the key; the count may have stopped at `COUNT_LIMIT`
 */
export function stateWords(state: KeyState, sessions: number, now: Date): { label: string; text: string } {
  switch (state.state) {
    case "current":
      return { label: "Signs now", text: "Signs every new token." };
    case "verifying": {
      const users =
        sessions === 0
          ? "no session still uses"
          : countedUpToLimit(sessions, "session still uses", "sessions still use");
      return { label: "Verifies", text: `Retires ${awayText(state.until, now)}; ${users} it.` };
    }
    case "retired":
      return { label: "Retired", text: retired[state.by] };
  }
}

/** Says whom an early retirement affects. */
export function retirementText({ sessions, people, includesOwn }: RetirementReach): string {
  if (sessions === 0) return "No session uses it any more: nobody is logged out.";
  if (people === 1 && includesOwn)
    return sessions === 1
      ? "Your own session, the only one that uses it, ends now."
      : `Your ${counted(sessions, "session")} that use it end now, this one included.`;
  const end = sessions === 1 ? "ends" : "end";
  const yours = includesOwn ? ", including yours" : "";
  return `${counted(sessions, "session")} of ${counted(people, "person", "people")} ${end} now${yours}.`;
}
