import { savedOnHost } from "@/components/form/saved-by";
import { EmailAddress } from "@/components/ui/email-address";
import { escapeInvisible } from "@/components/ui/escape-invisible";
import type { Revision } from "@/lib/settings/history/schema";

/** Who saved a version; "At first start" or "On the host" if that was not a person. */
export function Saver({ save }: { save: Pick<Revision, "version" | "savedByEmail"> }) {
  const onHost = savedOnHost(save);
  if (onHost !== null) return onHost.charAt(0).toUpperCase() + onHost.slice(1);
  return (
    <bdi>
      <EmailAddress address={escapeInvisible(save.savedByEmail)} />
    </bdi>
  );
}
