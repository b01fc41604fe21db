import { SearchX } from "lucide-react";
import { EmptyState } from "@/components/ui/empty-state";

/** Shown for the address of a version that does not exist. */
export default function VersionNotFound() {
  return (
    <>
      <h1 className="mb-8 text-xl font-semibold">No such version</h1>
      <EmptyState
        icon={SearchX}
        title="There is no version at this address"
        action={{ href: "/settings/history", label: "Show all versions" }}
      >
        The address may be wrong. Each save of a panel has a number, and version 0 is the defaults.
      </EmptyState>
    </>
  );
}
