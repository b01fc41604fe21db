import { useState } from "react";
import type { PasswordPolicy } from "@/lib/settings/password/schema";

/** Returns the policy that a form uses: the latest one received, with the page or with the refusal of a password. */
export function useNewestPolicy(
  ofPage: PasswordPolicy,
  refusing: PasswordPolicy | undefined,
): PasswordPolicy {
  const [known, setKnown] = useState({ ofPage, refusing, newest: ofPage });
  if (known.ofPage !== ofPage) setKnown({ ...known, ofPage, newest: ofPage });
  else if (known.refusing !== refusing) setKnown({ ...known, refusing, newest: refusing ?? known.newest });
  return known.newest;
}
