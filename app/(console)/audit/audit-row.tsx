import { SettingChanges } from "@/app/(console)/setting-changes";
import { versionLink } from "@/app/(console)/setting-words";
import { EmailAddress } from "@/components/ui/email-address";
import { escapeInvisible } from "@/components/ui/escape-invisible";
import { recordCell } from "@/components/ui/record-table";
import { dataLink } from "@/components/ui/text-link";
import { Time } from "@/components/ui/time";
import type { AuditEntry, AuditQuery } from "@/lib/audit/schema";
import { browserName } from "@/lib/core/browser-name";
import { HOST } from "@/lib/core/host/rules";
import { quoted } from "@/lib/core/text-search/rules";
import { AddressLink } from "./address-link";
import { auditAddress } from "./audit-address";
import { AuditDetails } from "./audit-details";
import { auditActor } from "./audit-facts";
import { AuditKindIcon } from "./audit-kind-icon";
import { AuditSentence } from "./audit-sentence";
import { auditWords } from "./audit-words";

const cell = recordCell["4xl"];

const unnamed = {
  gatehouse: "Gatehouse itself",
  host: "Somebody on the host",
  anonymous: "Not logged in",
} as const;

/** Who caused the event, with a link to that person's other events. */
function Who({ entry, query }: { entry: AuditEntry; query: AuditQuery }) {
  const actor = auditActor(entry);
  if (typeof actor === "string") return <span className="text-muted">{unnamed[actor]}</span>;
  return (
    <a
      href={auditAddress({ ...query, person: quoted(actor.person), after: undefined })}
      title="Show only this person’s events"
      className={dataLink}
    >
      <bdi>
        <EmailAddress address={escapeInvisible(actor.person)} />
      </bdi>
    </a>
  );
}

/** Where the event came from: the network address, and the browser in short. */
function Origin({ entry: { address, userAgent }, query }: { entry: AuditEntry; query: AuditQuery }) {
  const browser = address === HOST ? null : browserName(userAgent);
  return (
    <>
      <AddressLink address={address} query={query} />
      {browser ? (
        <span className="text-muted [overflow-wrap:anywhere] @4xl:block">
          <span className="@4xl:hidden"> · </span>
          {browser}
        </span>
      ) : null}
    </>
  );
}

/** One event: a table row, or stacked lines where there is no room for columns. */
export function AuditRow({ entry, query }: { entry: AuditEntry; query: AuditQuery }) {
  const { sentence, changes } = auditWords(entry);
  const version = entry.kind === "settings-changed" ? versionLink(entry.details) : null;
  const nameId = `event-${entry.id}`;
  return (
    <tr className="relative flex flex-wrap gap-x-3 gap-y-0.5 py-3 pr-4 pl-10.5 hover:bg-hover @4xl:table-row">
      <td className={`${cell} w-full pr-8 text-sm leading-base text-muted [&_time]:whitespace-normal`}>
        <Time iso={entry.at.toISOString()} precision="second" />
      </td>
      <td className={`${cell} contents`}>
        <div className="contents @4xl:relative @4xl:block @4xl:pl-6.5">
          <AuditKindIcon kind={entry.kind} className="absolute left-4 @4xl:left-0" />
          <p id={nameId} className="w-full [overflow-wrap:anywhere]">
            <AuditSentence parts={sentence} />
          </p>
          <SettingChanges changes={changes} className="@4xl:mt-1" />
          {version ? (
            <a
              href={version.href}
              title="Compare or restore this version"
              className="my-1 w-full text-sm text-accent underline-offset-2 hover:underline @4xl:mb-0 @4xl:block"
            >
              {version.text}
            </a>
          ) : null}
        </div>
        <AuditDetails entry={entry} nameId={nameId} className="order-last w-full @4xl:pl-6.5" />
      </td>
      <td className={`${cell} text-sm leading-base`}>
        <Who entry={entry} query={query} />
      </td>
      <td className={`${cell} text-sm leading-base @4xl:pr-12`}>
        <Origin entry={entry} query={query} />
      </td>
    </tr>
  );
}
