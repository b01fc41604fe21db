import { CircleCheck, CircleX } from "lucide-react";
import { AddressLink } from "@/app/(console)/audit/address-link";
import { auditAddress } from "@/app/(console)/audit/audit-address";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { TextLink } from "@/components/ui/text-link";
import { Time } from "@/components/ui/time";
import { browserName } from "@/lib/core/browser-name";
import type { LoginAttempt } from "@/lib/users/service/describe-user";
import type { Addresses } from "./addresses";
import { attemptWords, endingWords } from "./attempt-words";

function Attempt({ entry }: { entry: LoginAttempt }) {
  const { outcome, text } = attemptWords(entry);
  const Icon = outcome === "in" ? CircleCheck : CircleX;
  const browser = browserName(entry.userAgent);
  const { ending } = entry;
  return (
    <li className="relative grid gap-x-6 py-3 pr-5 pl-12 sm:grid-cols-[minmax(0,1fr)_auto] sm:pr-6 sm:pl-13">
      <Icon
        aria-hidden
        className={`absolute top-[15px] left-5 size-4 sm:left-6 ${outcome === "in" ? "text-accent" : "text-warning"}`}
      />
      <p>{text}</p>
      <p className="text-sm leading-base text-muted sm:text-right">
        <Time iso={entry.at.toISOString()} precision="second" />
      </p>
      <p className="text-sm text-muted [overflow-wrap:anywhere] sm:col-span-2">
        From {entry.address ? <AddressLink address={entry.address} /> : "an unknown address"}
        {browser ? ` · ${browser}` : ""}
      </p>
      {ending ? (
        <p className="text-sm text-muted sm:col-span-2">
          {endingWords(ending)}, <Time iso={ending.at.toISOString()} precision="second" />
        </p>
      ) : null}
    </li>
  );
}

/** The latest login attempts, with the reasons that the person was not told. */
export function AttemptsCard({ attempts, addresses }: { attempts: LoginAttempt[]; addresses: Addresses }) {
  return (
    <Card id="attempts">
      <CardHeader
        id="attempts"
        title="Login attempts"
        description={
          <>
            {"The last 20 attempts, with reasons that the person does not see, and how each session ended. "}
            {
              "Attempts with a mistyped address, or from a network address that tried too often, are listed only among "
            }
            <TextLink href={auditAddress({ kind: "login-failed" })} className="underline">
              all failed logins
            </TextLink>
            .
          </>
        }
        actions={
          <TextLink href={auditAddress({ person: addresses.search })} className="text-sm">
            All events with {addresses.words}
          </TextLink>
        }
      />
      {attempts.length > 0 ? (
        <ul className="divide-y divide-line">
          {attempts.map((entry) => (
            <Attempt key={entry.id} entry={entry} />
          ))}
        </ul>
      ) : (
        <CardBody className="text-muted">No login attempts yet.</CardBody>
      )}
    </Card>
  );
}
