"use client";

import { type SubmitEvent, useState } from "react";
import { withoutBubble } from "@/components/form/without-bubble";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";
import { type HeldToken, readToken } from "./held-token";

const NO_TOKEN =
  "This is not an access token. It has three parts separated by dots, and is not the refresh token.";

/** Accepts a token that the reader already has. */
export function PasteForm({ onToken }: { onToken: (token: HeldToken) => void }) {
  const [error, setError] = useState<string | null>(null);

  function take(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const token = readToken(String(new FormData(event.currentTarget).get("token")));
    setError(token ? null : NO_TOKEN);
    if (token) onToken(token);
  }

  return (
    <form
      method="post"
      onSubmit={take}
      aria-labelledby="token-paste"
      className="grid content-start gap-4 px-5 py-5 sm:px-6"
    >
      <h3 id="token-paste" className="font-semibold">
        Or paste one
      </h3>
      <Field id="token-text" label="Access token" error={error} layout="stack">
        {(control) => (
          <Textarea
            {...control}
            name="token"
            rows={4}
            required
            onInvalid={(event) => {
              withoutBubble(event);
              setError("Paste an access token.");
            }}
            onChange={() => setError(null)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            className="figures break-all"
          />
        )}
      </Field>
      <div>
        <Button type="submit">Use this token</Button>
      </div>
    </form>
  );
}
