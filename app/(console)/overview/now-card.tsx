import { kindLabels } from "@/app/(console)/sessions/session-words";
import { sessionsAddress } from "@/app/(console)/sessions/sessions-address";
import { stateWords } from "@/app/(console)/users/user-words";
import { usersAddress } from "@/app/(console)/users/users-address";
import { Card, CardHeader, CardSubheading } from "@/components/ui/card";
import { Time } from "@/components/ui/time";
import type { Overview } from "@/lib/overview/service";
import { sessionKinds } from "@/lib/sessions/live/schema";
import { userStates } from "@/lib/users/schema";
import { CountLink } from "./count-link";

/** `of`: names what is counted where the label alone would not. */
type Count = { label: string; of: string; n: number; href: string };

/** Who is logged in, and in which states the accounts are; each number links to its list. */
export function NowCard({ readAt, sessions, accounts }: Pick<Overview, "readAt" | "sessions" | "accounts">) {
  return (
    <Card id="now">
      <CardHeader
        id="now"
        title="Now"
        description={
          <>
            As of <Time iso={readAt.toISOString()} />
          </>
        }
      />
      <CardSubheading id="now-sessions">Live sessions</CardSubheading>
      <Counts
        counts={[
          ...sessionKinds.map((kind) => ({
            label: kindLabels[kind],
            of: `live ${sessions[kind] === 1 ? "session" : "sessions"}: ${kindLabels[kind]}`,
            n: sessions[kind],
            href: sessionsAddress({ kind }),
          })),
          {
            label: "People logged in",
            of: `${sessions.people === 1 ? "person" : "people"} logged in`,
            n: sessions.people,
            href: "/sessions",
          },
        ]}
      />
      <CardSubheading id="now-accounts">Accounts</CardSubheading>
      <Counts
        counts={userStates.map((state) => ({
          label: stateWords[state].label,
          of: `${accounts[state] === 1 ? "account" : "accounts"}: ${stateWords[state].label}`,
          n: accounts[state],
          href: usersAddress({ state }),
        }))}
      />
    </Card>
  );
}

function Counts({ counts }: { counts: Count[] }) {
  return (
    <dl className="divide-y divide-line">
      {counts.map(({ label, of, n, href }) => (
        <div key={label} className="flex items-baseline justify-between gap-4 px-5 sm:px-6">
          <dt className="py-2">{label}</dt>
          <dd>
            <CountLink n={n} of={of} href={href} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
