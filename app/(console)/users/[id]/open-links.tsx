import { Time } from "@/components/ui/time";
import type { UserDescription } from "@/lib/users/service/describe-user";

type OpenLink = UserDescription["openLinks"][number];

const names: Record<OpenLink["purpose"], string> = {
  ACTIVATION: "Activation link",
  PASSWORD_RESET: "Reset link",
  PASSWORD_EXPIRED: "Link to replace an expired password",
  UNLOCK: "Unlock link",
};

/** The links that can still be used. The links themselves are unknown: only their digests are stored. */
export function OpenLinks({ links }: { links: OpenLink[] }) {
  return (
    <ul className="grid gap-1">
      {links.map(({ id, purpose, expiresAt }) => (
        <li key={id}>
          {names[purpose]}, works until <Time iso={expiresAt.toISOString()} />
        </li>
      ))}
    </ul>
  );
}
