import Link from "next/link";
import { Callout } from "@/components/ui/callout";

type NoMailServerProps = {
  waiting: number;
  /** Set on every page except the mail settings. */
  linksToSettings?: boolean;
};

/** Warns that no mail can be sent yet, and says what that means. */
export function NoMailServer({ waiting, linksToSettings = false }: NoMailServerProps) {
  const what =
    waiting === 0
      ? "Mails wait in the outbox until there is one."
      : waiting === 1
        ? "1 mail waits in the outbox, and leaves as soon as there is one."
        : `${waiting.toLocaleString("en-US")} mails wait in the outbox, and leave as soon as there is one.`;
  return (
    <Callout tone="warning" title="No mail server is set up">
      {what} Until then, links can be copied and handed over by hand.{" "}
      {linksToSettings ? (
        <Link href="/settings/mail" className="font-medium text-accent underline underline-offset-2">
          Set up a mail server
        </Link>
      ) : null}
    </Callout>
  );
}
