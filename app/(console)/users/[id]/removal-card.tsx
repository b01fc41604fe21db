import { Card, CardFields, CardHeader } from "@/components/ui/card";
import type { UserDescription } from "@/lib/users/service/describe-user";
import { ChangeButton } from "./change-button";
import type { ChangeFacts } from "./change-words";
import { DeleteButton } from "./delete-button";
import { DetailRow } from "./detail-row";
import { protectionText } from "./protection-text";

type RemovalCardProps = { user: UserDescription; facts: ChangeFacts };

/** The actions that keep a person out, for a time or for good. */
export function RemovalCard({ user, facts }: RemovalCardProps) {
  const { id, email, state, protection } = user;
  const isProtected = protection !== null;
  return (
    <Card id="removal">
      <CardHeader
        id="removal"
        title="Disable or delete"
        description="Disabling can be undone. Deleting cannot."
      />
      <CardFields>
        {state === "active" || state === "locked" ? (
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
