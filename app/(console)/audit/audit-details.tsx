import { clsx } from "clsx";
import { EmailAddress } from "@/components/ui/email-address";
import { escapeInvisible } from "@/components/ui/escape-invisible";
import { Fact, Facts } from "@/components/ui/facts";
import { TextLink } from "@/components/ui/text-link";
import type { AuditEntry } from "@/lib/audit/schema";

type AuditDetailsProps = { entry: AuditEntry; nameId: string; className?: string };

/** The stored event, collapsed. Its button is placed at the end of the row, which must have a `position`. */
export function AuditDetails({ entry, nameId, className }: AuditDetailsProps) {
  const { id, at, subjectId, subjectEmail, userAgent, requestId, details } = entry;
  return (
    <details className={clsx("group", className)}>
      <summary
        id={`${nameId}-more`}
        aria-labelledby={`${nameId}-more ${nameId}`}
        className="absolute top-1 right-1 grid size-9 list-none place-items-center rounded text-muted hover:bg-hover hover:text-ink pointer-coarse:size-11 [&::-webkit-details-marker]:hidden"
      >
        <span className="sr-only">Details:</span>
        <span className="icon icon-chevron size-4 transition-transform group-open:rotate-180" />
      </summary>
      <Facts className="mt-3 border-t pt-3 max-xs:grid-cols-1">
        {subjectId ? (
          <Fact term="Account">
            <TextLink href={`/users/${subjectId}`} title="Open the account">
              <EmailAddress address={escapeInvisible(subjectEmail)} />
            </TextLink>
          </Fact>
        ) : null}
        <Fact term="Event">
          <span className="figures">{id}</span>
        </Fact>
        <Fact term="Time (UTC)">
          <span className="figures">{at.toISOString()}</span>
        </Fact>
        <Fact term="Request">
          {requestId === "" ? (
            "none"
          ) : (
            <span className="figures [overflow-wrap:anywhere]">{escapeInvisible(requestId)}</span>
          )}
        </Fact>
        <Fact term="User agent">
          {userAgent === "" ? "none" : <bdi className="break-words">{escapeInvisible(userAgent)}</bdi>}
        </Fact>
        <Fact term="Recorded">
          <pre className="figures break-words whitespace-pre-wrap">
            {escapeInvisible(JSON.stringify(details, null, 2), { lines: true })}
          </pre>
        </Fact>
      </Facts>
    </details>
  );
}
