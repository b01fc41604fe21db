import { AddressLink } from "@/app/(console)/audit/address-link";
import { Badge } from "@/components/ui/badge";
import { EmailAddress } from "@/components/ui/email-address";
import { escapeInvisible } from "@/components/ui/escape-invisible";
import { LabelledTime } from "@/components/ui/labelled-time";
import { buttonCell, recordCell } from "@/components/ui/record-table";
import { dataLink } from "@/components/ui/text-link";
import { fullName } from "@/lib/core/full-name";
import type { SessionsPage } from "@/lib/sessions/live/service";
import { EndSessionButton } from "./end-session-button";
import { deviceName, kindLabels, shortFingerprint, VERIFIES } from "./session-words";
import { sessionsAddress } from "./sessions-address";

const cell = recordCell["4xl"];
const line = `${cell} col-span-2 @2xl:col-span-1`;

/** One session: a table row; or stacked lines where there is no room for columns, in pairs where there is for two. */
export function SessionsRow({ session }: { session: SessionsPage["sessions"][number] }) {
  const { id, userId, email, kind, address, createdAt, lastSeenAt, isCurrent } = session;
  const { keyFingerprint, isKeyCurrent } = session;
  const name = escapeInvisible(fullName(session));
  const device = deviceName(session);
  return (
    <tr className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-1 px-4 py-4 hover:bg-hover @2xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_minmax(3rem,auto)] @2xl:gap-x-6 @4xl:table-row">
      <th scope="row" className={`${cell} font-normal`}>
        <a
          href={sessionsAddress({ user: userId })}
          title="Show only this person’s sessions"
          className={`font-medium ${dataLink}`}
        >
          <EmailAddress address={email} />
        </a>
        {name ? <p className="text-sm text-muted [overflow-wrap:anywhere]">{name}</p> : null}
      </th>
      <td className={`${cell} col-start-1 @2xl:col-start-2`}>
        <p className="flex flex-wrap items-center gap-x-2 [overflow-wrap:anywhere]">
          {device}
          {isCurrent ? <Badge tone="accent">This one</Badge> : null}
        </p>
        <p className="text-sm text-muted">{kindLabels[kind]}</p>
      </td>
      <td className={`${line} col-start-1 text-sm leading-base`}>
        <span className="text-muted @4xl:hidden">From </span>
        <AddressLink address={address} />
      </td>
      <td className={`${line} col-start-1 @2xl:col-start-2 @2xl:row-span-2 @2xl:row-start-2`}>
        <LabelledTime name="Started" at={createdAt} />
        <LabelledTime name="Last used" at={lastSeenAt} />
      </td>
      <td className={`${line} col-start-1 text-sm leading-base`}>
        <span className="text-muted @4xl:hidden">Key </span>
        <span className="figures" title={keyFingerprint}>
          {shortFingerprint(keyFingerprint)}
        </span>
        {isKeyCurrent ? null : <span className="text-muted">{VERIFIES}</span>}
      </td>
      <td
        className={`${cell} ${buttonCell} @max-4xl:col-start-2 @max-4xl:row-span-2 @max-4xl:row-start-1 @max-4xl:@2xl:col-start-3`}
      >
        {isCurrent ? null : (
          <EndSessionButton sessionId={id} email={email} device={device} address={escapeInvisible(address)} />
        )}
      </td>
    </tr>
  );
}
