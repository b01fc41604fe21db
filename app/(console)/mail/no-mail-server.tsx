import { Callout } from "@/components/ui/callout";
import { PageLink } from "@/components/ui/page-link";
import { limitedCountText } from "@/lib/core/count/rules";

type NoMailServerProps = {
  waiting: number;
  /** Set on every page except the mail settings. */
  linksToSettings?: boolean;
};

/** Warns that no mail can be sent yet, and says what that means. */
export function NoMailServer({ waiting, linksToSettings = false }: NoMailServerProps) {
  const what =
    waiting === 0
      ? "Messages wait in the outbox until you set one up."
      : waiting === 1
        ? "1 message waits in the outbox and is sent as soon as you set one up."
        : `${limitedCountText(waiting)} messages wait in the outbox and are sent as soon as you set one up.`;
  return (
    <Callout tone="warning" title="No mail server is set up">
      {`${what} Until then, you can copy links and hand them over yourself. `}
      {linksToSettings ? (
        <PageLink href="/settings/mail" className="font-medium text-accent underline underline-offset-2">
          Set up a mail server
        </PageLink>
      ) : null}
    </Callout>
  );
}
