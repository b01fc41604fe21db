import { Fragment } from "react";
import { escapeInvisible } from "./escape-invisible";

/** A network address that wraps, if necessary, between the groups of IPv6, and never inside its `::`. */
export function NetworkAddress({ address }: { address: string }) {
  if (address === "" || address === "unknown") return <span className="text-muted">Unknown address</span>;
  const [first = "", ...others] = escapeInvisible(address).split(":");
  return (
    <span className="figures">
      {first}
      {others.map((group, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the groups of an address are not reordered
        <Fragment key={index}>
          :{group === "" ? null : <wbr aria-hidden />}
          {group}
        </Fragment>
      ))}
    </span>
  );
}
