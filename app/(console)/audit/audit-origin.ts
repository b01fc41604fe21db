import { isAddressBeginning } from "@/lib/audit/rules";
import { HOST } from "@/lib/core/host/rules";

/** Says from where the events of a filter by network address are: in words, and the address unless it is in them. */
export function originWords(address: string): { words: string; address: string } {
  if (address === HOST) return { words: "from the host", address: "" };
  return {
    words: isAddressBeginning(address) ? "from addresses that begin with" : "from the address",
    address,
  };
}
