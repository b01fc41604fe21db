import { auditAddress } from "@/app/(console)/audit/audit-address";
import { kindLabels } from "@/app/(console)/audit/audit-kinds";
import { Card, CardHeader } from "@/components/ui/card";
import type { AuditKind, Span } from "@/lib/audit/schema";
import type { Overview } from "@/lib/overview/service";
import { CountLink } from "./count-link";

const addressOf = (kind: AuditKind, { from, until }: Span) =>
  auditAddress({ kind, since: from.toISOString(), until: until.toISOString() });

/** How often things happened in the last 24 hours and in the 24 hours before; each number links to its events. */
export function DayCard({ events, spans }: Pick<Overview, "events" | "spans">) {
  return (
    <Card id="day">
      <CardHeader id="day" title="What happened" />
      <table className="w-full border-collapse text-left">
        <caption className="sr-only">Events in the last 24 hours, and in the 24 hours before</caption>
        <thead className="text-sm text-muted">
          <tr className="align-bottom">
            <th scope="col" className="py-2 pl-5 font-medium sm:pl-6">
              Event
            </th>
            <th scope="col" className="w-20 py-2 pl-3 text-right font-medium">
              Last 24 hours
            </th>
            <th scope="col" className="w-24 py-2 pr-5 pl-3 text-right font-medium sm:pr-6">
              24 hours before
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line border-t">
          {events.map(({ kind, now, before }) => (
            <tr key={kind}>
              <th scope="row" className="py-2 pl-5 font-normal sm:pl-6">
                {kindLabels[kind]}
              </th>
              <td className="pl-3 text-right">
                <CountLink
                  n={now}
                  of={`${kindLabels[kind]}, last 24 hours`}
                  href={addressOf(kind, spans.now)}
                />
              </td>
              <td className="pr-5 pl-3 text-right sm:pr-6">
                <CountLink
                  n={before}
                  of={`${kindLabels[kind]}, 24 hours before`}
                  href={addressOf(kind, spans.before)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
