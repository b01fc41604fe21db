import { useState } from "react";
import type { PasswordPolicy } from "@/lib/settings/password/schema";

/** The rules of a form: those that it was opened with, until others have refused a password in it; from then on these. */
export function useNewestPolicy(
  opened: PasswordPolicy,
  refusing: PasswordPolicy | undefined,
): PasswordPolicy {
  const [newest, setNewest] = useState(opened);
  if (refusing !== undefined && refusing !== newest) setNewest(refusing);
  return newest;
}
