import { awayText } from "@/components/ui/age-text";
import { counted, countedUpToLimit } from "@/lib/core/count/rules";
import type { RingEntry } from "@/lib/jwt-security/rotation";
import type { RetirementReach } from "@/lib/jwt-security/service/retire-key";
import type { KeyState } from "@/lib/tokens/rules";
import { isNewKey } from "./rotation-words";

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

/** What a change of the ring is called, by what it changes: the key, or the issuer of the key that signs. */
const ringChangeWords = {
  key: {
    retire: {
      title: "Retire this key now?",
      // The ring may have the same key under another issuer too, which is retired by itself.
      effect:
        "Once the key is retired, every token that it signed under this issuer name is refused. This cannot be undone.",
      others:
        "Sessions that have another token continue. Programs that still hold a refused one must renew it.",
      button: "Retire key",
      done: "The key is retired.",
    },
    "roll-back": {
      title: "Sign with the earlier key again?",
      effect: "The earlier key and its issuer name take effect again together.",
      outgoing: "The key that signs now keeps verifying",
      button: "Roll back",
      done: "The earlier key signs again.",
    },
  },
  issuer: {
    retire: {
      title: "Retire this issuer name now?",
      effect:
        "The key goes on signing. Once this issuer name is retired, every token that the key signed under it is refused. This cannot be undone.",
      others:
        "Sessions that have another token continue. Programs that still hold a token with this issuer name must renew it.",
      button: "Retire issuer name",
      done: "The issuer name is retired.",
    },
    "roll-back": {
      title: "Use the earlier issuer name again?",
      effect: "The earlier issuer name takes effect again. The key stays the same.",
      outgoing: "The issuer name in use now is accepted",
      button: "Roll back",
      done: "The earlier issuer name is in use again.",
    },
  },
} as const;

/** Returns the words for changing `key`, of the ring in which `newer` signs. */
export const wordsOfChange = (change: { key: RingEntry; newer: RingEntry }) =>
  ringChangeWords[isNewKey({ from: change.newer, to: change.key }) ? "key" : "issuer"];
