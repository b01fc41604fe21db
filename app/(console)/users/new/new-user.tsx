"use client";

import { useState } from "react";
import { useSafeRefresh } from "@/components/form/use-safe-refresh";
import { InvitedCard } from "./invited-card";
import { type Invited, NewUserForm } from "./new-user-form";

/** The form; after it is sent, the result. */
export function NewUser({ hasServer }: { hasServer: boolean }) {
  const [invited, setInvited] = useState<Invited | null>(null);
  const [isAnother, setAnother] = useState(false);
  const refresh = useSafeRefresh();

  function show(invitation: Invited) {
    setInvited(invitation);
    refresh(); // Otherwise the browser's back button would show the list without the new account.
  }

  function inviteAnother() {
    setAnother(true);
    setInvited(null);
  }

  return invited ? (
    <InvitedCard invited={invited} onAnother={inviteAnother} />
  ) : (
    <NewUserForm hasServer={hasServer} isAnother={isAnother} onInvited={show} />
  );
}
