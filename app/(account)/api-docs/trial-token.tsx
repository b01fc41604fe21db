"use client";

import { TextLink } from "@/components/ui/text-link";
import type { Access } from "@/lib/request/contract";
import { useToken } from "./token-context";

/** Says which token a trial call will be sent with. The answer beside it may be to an earlier one. */
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
      Will be sent with the token {held.person ? `of ${held.person}, ` : ""}
      <span className="whitespace-nowrap">
        ending in <span className="figures">{held.ending}</span>
      </span>
    </p>
  );
}
