import { useState } from "react";
import type { PasswordPolicy } from "@/lib/settings/password/schema";

/** The rules of a form: those that came last, with the page or with the refusal of a password in it. */
export function useNewestPolicy(
  ofPage: PasswordPolicy,
  refusing: PasswordPolicy | undefined,
): PasswordPolicy {
  const [known, setKnown] = useState({ ofPage, refusing, newest: ofPage });
  if (known.ofPage !== ofPage) setKnown({ ...known, ofPage, newest: ofPage });
  else if (known.refusing !== refusing) setKnown({ ...known, refusing, newest: refusing ?? known.newest });
  return known.newest;
}
