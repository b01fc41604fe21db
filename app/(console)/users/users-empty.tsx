import { SearchX, UserPlus, Users } from "lucide-react";
import { auditAddress } from "@/app/(console)/audit/audit-address";
import { EmptyState } from "@/components/ui/empty-state";
import { personSearchAdvice } from "@/components/ui/filter";
import { TextLink } from "@/components/ui/text-link";
import type { UserStateFilter, UsersQuery } from "@/lib/users/schema";
import { stateWords } from "./user-words";
import { isFiltered, usersAddress } from "./users-address";

/** Shown in place of an empty list: nobody matches, or the reader is past the last page. */
export function UsersEmpty({ query }: { query: UsersQuery }) {
  if (query.after !== undefined || !isFiltered(query)) {
    return (
      <EmptyState
        icon={Users}
        title="No more users"
        action={{ href: usersAddress({ ...query, after: undefined }), label: "Back to the first" }}
      >
        The list ends here.
      </EmptyState>
    );
  }
  const { search, state, authority } = query;
  const isStateAlone = state && !search && !authority;
  const others = authority ? "another state or authority" : "another state";
  return (
    <EmptyState
      icon={SearchX}
      title={isStateAlone ? nobodyIs(state) : "Nobody matches"}
      action={{ href: "/users", label: "Show everyone" }}
    >
      <p>{search ? `${personSearchAdvice(search)}, or ${others}.` : `Try ${others}, or show everyone.`}</p>
      {search ? (
        <p className="mt-2">
          {"Earlier addresses, and those of deleted accounts, are in the "}
          <TextLink href={auditAddress({ person: search })} className="underline">
            audit log
          </TextLink>
          .
        </p>
      ) : null}
    </EmptyState>
  );
}

function nobodyIs(state: UserStateFilter): string {
  if (state === "invited-without-link") return "Nobody invited is without a link";
  return `Nobody is ${stateWords[state].label.toLowerCase()}`;
}

/** Shown below the list while the administrator is the only user, with the one next step. */
export function OnlyYou() {
  return (
    <div className="mt-5">
      <EmptyState
        icon={UserPlus}
        title="Only you so far"
        action={{ href: "/users/new", label: "Invite the first user", variant: "primary" }}
      >
        People you invite get a link, choose a password, and can then log in.
      </EmptyState>
    </div>
  );
}
