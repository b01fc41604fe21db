import { NetworkAddress } from "@/components/ui/network-address";
import { dataLink } from "@/components/ui/text-link";
import type { AuditQuery } from "@/lib/audit/schema";
import { HOST } from "@/lib/core/host/rules";
import { auditAddress } from "./audit-address";

type AddressLinkProps = {
  address: string;
  /** The list that the link narrows; without it, the link leads to all events from the address. */
  query?: AuditQuery;
};

/** A network address, with a link to the events that came from there. */
export function AddressLink({ address, query }: AddressLinkProps) {
  if (address === "") return <NetworkAddress address={address} />;
  return (
    <a
      href={auditAddress({ ...query, address, after: undefined })}
      title={query ? "Show only events from this address" : "Show all events from this address"}
      className={dataLink}
    >
      {address === HOST ? (
        <span className="text-muted">On the host</span>
      ) : (
        <NetworkAddress address={address} />
      )}
    </a>
  );
}
