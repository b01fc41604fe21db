"use client";

import { CopyButton } from "@/components/ui/copy-button";
import { Input } from "@/components/ui/input";
import { Time } from "@/components/ui/time";

type LinkIssuedProps = { label: string; url: string; expiresAt: Date };

/** A link for the administrator to hand over. It is shown only once, because only its digest is stored. */
export function LinkIssued({ label, url, expiresAt }: LinkIssuedProps) {
  return (
    <div className="grid gap-2">
      <Input
        readOnly
        value={url}
        aria-label={label}
        className="figures"
        onFocus={(event) => event.target.select()}
      />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <CopyButton text={url} label="Copy link" />
        <p className="text-sm text-muted">
          Works once, until <Time iso={expiresAt.toISOString()} />
        </p>
      </div>
    </div>
  );
}
