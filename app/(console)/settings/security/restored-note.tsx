import { savedOnHost } from "@/components/form/saved-by";
import { escapeInvisible } from "@/components/ui/escape-invisible";
import { Time } from "@/components/ui/time";
import type { Revision } from "@/lib/settings/history/schema";

/** Says which version the values in a panel's form come from, while they are unsaved. */
export function RestoredNote({ revision }: { revision: Revision }) {
  const { version, savedAt, savedByEmail } = revision;
  return (
    <p className="border-b bg-canvas px-5 py-3 text-sm text-muted sm:px-6">
      {savedAt ? (
        <>
          {`Values of version ${version.toLocaleString("en-US")}, saved `}
          <Time iso={savedAt.toISOString()} precision="day" />
          {/* Not an `EmailAddress`: a sentence has another line for it. */}
          {` ${savedOnHost(revision) ?? `by ${escapeInvisible(savedByEmail)}`}. `}
        </>
      ) : (
        "Default values. "
      )}
      They take effect when you save.
    </p>
  );
}
