import { UserX } from "lucide-react";
import { auditAddress } from "@/app/(console)/audit/audit-address";
import { EmptyState } from "@/components/ui/empty-state";
import { TextLink } from "@/components/ui/text-link";

/** Shown for the address of an account that was deleted or never existed. */
export default function UserNotFound() {
  return (
    <>
      <h1 className="mb-8 text-xl font-semibold">No such user</h1>
      <EmptyState
        icon={UserX}
        title="There is no such account"
        action={{ href: "/users", label: "Show everyone" }}
      >
        {"It may have been deleted. The audit log shows "}
        <TextLink href={auditAddress({ kind: "account-deleted" })} className="underline">
          which accounts were deleted
        </TextLink>
        .
      </EmptyState>
    </>
  );
}
