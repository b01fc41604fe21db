import { EmailAddress } from "@/components/ui/email-address";
import { escapeInvisible } from "@/components/ui/escape-invisible";
import type { Revision } from "@/lib/settings/history/schema";
import { savedOnHost } from "./revision-words";

/** Who saved a version; "At first start" or "On the host" if that was not a person. */
export function Saver({ save }: { save: Pick<Revision, "version" | "savedByEmail"> }) {
  const onHost = savedOnHost(save);
  if (onHost !== null) return onHost;
  return (
    <bdi>
      <EmailAddress address={escapeInvisible(save.savedByEmail)} />
    </bdi>
  );
}
