import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary } from "@zxcvbn-ts/language-common";

/** How well a password withstands clever guessing. */
export type Strength = "weak" | "fair" | "strong";

// Attackers guess these first: common passwords, and the words of passphrases.
const estimator = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });

/** Longer input does not change the result and takes longer to judge. */
const MAX_JUDGED = 100;

/**
 * Judges a password by how it would be guessed, not by its character classes (Wheeler, "zxcvbn", USENIX Security 2016).
 * The module is large: load it only when needed.
 * @param known what any attacker knows about the person
 */
export function strengthOf(password: string, known: string[]): Strength {
  const { score } = estimator.check(password.slice(0, MAX_JUDGED), ["gatehouse", ...known]);
  if (score <= 1) return "weak";
  return score <= 3 ? "fair" : "strong";
}
