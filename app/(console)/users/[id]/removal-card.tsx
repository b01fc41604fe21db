import { Card, CardFields, CardHeader } from "@/components/ui/card";
import type { UserState } from "@/lib/users/schema";
import type { UserDescription } from "@/lib/users/service/describe-user";
import { ChangeButton } from "./change-button";
import type { ChangeFacts } from "./change-words";
import { DeleteButton } from "./delete-button";
import { DetailRow } from "./detail-row";
import { protectionText } from "./protection-text";

type RemovalCardProps = { user: UserDescription; facts: ChangeFacts };

/** An invited account has nothing to disable yet, and a disabled one is enabled at the top of the page. */
const canBeDisabled = (state: UserState) => state === "active" || state === "locked";

/** The card's title, which names the actions that it offers. */
export const removalTitle = (state: UserState) =>
  canBeDisabled(state) ? "Disable or delete" : "Delete account";

/** The actions that keep a person out, for a time or for good. */
export function RemovalCard({ user, facts }: RemovalCardProps) {
  const { id, email, state, protection } = user;
  const isProtected = protection !== null;
  const isDisabling = canBeDisabled(state);
  return (
    <Card id="removal">
      <CardHeader
        id="removal"
        title={removalTitle(state)}
        description={isDisabling ? "Disabling can be undone. Deleting cannot." : "Deleting cannot be undone."}
      />
      <CardFields>
        {isDisabling ? (
          <DetailRow
            term="Disable"
            noteId="disable-note"
            note={protectionText(protection, "disabled")}
            actions={
              <ChangeButton
                change="disable"
                userId={id}
                facts={facts}
                disabled={isProtected}
                aria-describedby={isProtected ? "disable-note" : undefined}
              />
            }
          >
            Ends all sessions and prevents logins until the account is enabled again.
          </DetailRow>
        ) : null}
        <DetailRow
          term="Delete"
          noteId="delete-note"
          note={protectionText(protection, "deleted")}
          actions={
            <DeleteButton
              userId={id}
              email={email}
              disabled={isProtected}
              aria-describedby={isProtected ? "delete-note" : undefined}
            />
          }
        >
          Deletes the account permanently. Its audit entries are kept.
        </DetailRow>
      </CardFields>
    </Card>
  );
}
