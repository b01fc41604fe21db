import { AuditSentence } from "@/app/(console)/audit/audit-sentence";
import { Callout } from "@/components/ui/callout";
import type { UserDescription } from "@/lib/users/service/describe-user";
import { ChangeButton } from "./change-button";
import type { ChangeFacts } from "./change-words";
import { LinkButtons } from "./link-buttons";
import { obstacleWords } from "./obstacle-words";

type ObstacleCalloutProps = { user: UserDescription; facts: ChangeFacts; hasServer: boolean };

/** The action that removes the obstacle at once. */
function Remedy({ user, facts, hasServer }: ObstacleCalloutProps) {
  const { id, obstacle } = user;
  switch (obstacle?.code) {
    case "invited":
      return <LinkButtons userId={id} purpose="ACTIVATION" hasServer={hasServer} />;
    case "disabled":
      return <ChangeButton change="enable" userId={id} facts={facts} />;
    case "locked":
      return <ChangeButton change="unlock" userId={id} facts={facts} />;
    default:
      return null;
  }
}

/** Answers "why can't this person log in?" and offers a remedy. */
export function ObstacleCallout(props: ObstacleCalloutProps) {
  const { user } = props;
  const { tone, sentence } = obstacleWords(user);
  return (
    <Callout tone={tone}>
      {/* A new paragraph for each sentence: in a translated page React cannot remove the old one's texts one by one. */}
      <p key={JSON.stringify(sentence)} className="text-lg [overflow-wrap:anywhere]">
        <AuditSentence parts={sentence} />
      </p>
      <div className="mt-3 flex flex-wrap gap-2 empty:hidden">
        <Remedy {...props} />
      </div>
    </Callout>
  );
}
