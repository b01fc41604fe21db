"use client";

import { TextLink } from "@/components/ui/text-link";
import type { Access } from "@/lib/request/contract";
import { useToken } from "./token-context";

/** Says which token a trial call will be sent with. */
export function TrialToken({ access }: { access: Access }) {
  const { held } = useToken();
  if (access === "anyone") return <p className="min-w-0 text-sm text-muted">Sent without a token.</p>;
  if (!held) {
    return (
      <p className="min-w-0 text-sm text-muted">
        This call needs a token. <TextLink href="#token">Enter one</TextLink>
      </p>
    );
  }
  return (
    <p className="min-w-0 text-sm break-words text-muted">
      Sent with the token {held.person ? `of ${held.person}, ` : ""}
      <span className="whitespace-nowrap">
        ending in <span className="figures">{held.ending}</span>
      </span>
    </p>
  );
}
