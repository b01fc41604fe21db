"use client";

import { useRef } from "react";
import { flushSync } from "react-dom";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Fact, Facts } from "@/components/ui/facts";
import { Time } from "@/components/ui/time";
import type { HeldToken } from "./held-token";
import { LoginForm } from "./login-form";
import { PasteForm } from "./paste-form";
import { useToken } from "./token-context";

/** The card where the page's token is entered, shown and forgotten. `email` is the reader's own. */
export function TokenCard({ email }: { email: string }) {
  const { held, hold, forget } = useToken();
  const content = useRef<HTMLElement>(null);

  /** Makes a change that removes the pressed button; the focus moves to what takes its place. */
  function replace(change: () => void) {
    flushSync(change);
    content.current?.focus();
  }
  const take = (token: HeldToken) => replace(() => hold(token));

  return (
    <Card id="token">
      <CardHeader
        id="token"
        title="Token"
        description="Calls need a token; being logged in to the console does not authorise them. A token that you enter here stays in this page’s memory, until you leave or reload the page."
      />
      <section ref={content} tabIndex={-1} aria-label={held ? "The token in use" : "No token yet"}>
        {held ? (
          <Held held={held} onForget={() => replace(forget)} />
        ) : (
          <div className="grid divide-y divide-line md:grid-cols-2 md:divide-x md:divide-y-0">
            <LoginForm email={email} onToken={take} />
            <PasteForm onToken={take} />
          </div>
        )}
      </section>
      <p className="border-t px-5 py-4 text-muted noscript:block sm:px-6 hidden">
        Trying calls needs scripts, which are turned off. You can read everything below without them.
      </p>
    </Card>
  );
}

function Held({ held, onForget }: { held: HeldToken; onForget: () => void }) {
  return (
    <CardBody className="flex flex-wrap items-end justify-between gap-4">
      <Facts className="text-base!">
        <Fact term="Token">
          <span className="figures">
            <span aria-hidden>••••••••</span>
            <span className="sr-only">ends in </span>
            {held.ending}
          </span>
        </Fact>
        <Fact term="Person">{held.person ?? "Not in the token"}</Fact>
        <Fact term="Authority">{held.authority ?? "Not in the token"}</Fact>
        <Fact term="Works until">{held.expiresAt ? <Time iso={held.expiresAt} /> : "Not in the token"}</Fact>
      </Facts>
      <Button onClick={onForget}>Forget token</Button>
      <p className="basis-full text-sm text-muted">
        Forgetting the token does not end its session. To end it, call POST /api/auth/logout or use your list
        of sessions.
      </p>
    </CardBody>
  );
}
