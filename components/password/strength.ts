import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary } from "@zxcvbn-ts/language-common";

/** How soon somebody who guesses cleverly would come to a password. */
export type Strength = "weak" | "fair" | "strong";

// What is guessed first of all: the passwords that others have, and the words of passphrases.
const estimator = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });

/** Beyond it nothing more is learned, and looking takes longer. */
const MAX_JUDGED = 100;

/**
 * Judges a password by how it would be guessed, not by its kinds of characters (Wheeler, "zxcvbn", USENIX Security 2016).
 * Large: to be loaded only when it is needed.
 * @param known what anybody who guesses knows of the person
 */
export function strengthOf(password: string, known: string[]): Strength {
  const { score } = estimator.check(password.slice(0, MAX_JUDGED), ["gatehouse", ...known]);
  if (score <= 1) return "weak";
  return score <= 3 ? "fair" : "strong";
}
