"use client";

import { usePathname } from "next/navigation";
import { useEffect, useState } from "react";
import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { EmailAddress } from "@/components/ui/email-address";

type Person = { id: string; email: string };

/** The person of the newest page that this document knows of, its own or another tab's. */
let newest: Person | null = null;

/**
 * The persons of the pages of which this document has told the other tabs. Each page has an object of its own, which the
 * router keeps: it shows a page again as it was when one goes back, and that is no news of who is logged in.
 */
const told = new WeakSet<Person>();

/**
 * Asks what to do when somebody else has logged in at this browser, in another tab: this page still shows the one
 * person, but would act as the other, because tabs share the session. Each page tells the other tabs for whom it was
 * made. Whoever stays is asked again on the next page, which belongs to the other person: the console's frame, with this
 * one's name, remains around it.
 */
export function OtherPerson({ person }: { person: Person }) {
  const { id, email } = person;
  const [other, setOther] = useState<Person | null>(null);
  const path = usePathname();
  const [stayedAt, setStayedAt] = useState<string | null>(null);

  useEffect(() => {
    const tabs = new BroadcastChannel("person");
    tabs.addEventListener("message", ({ data }: MessageEvent<Person>) => {
      newest = data;
      setOther(data);
      setStayedAt(null);
    });
    if (!told.has(person)) {
      told.add(person);
      // A refresh makes the page anew, for the same person: whoever has chosen to stay is not asked again for that.
      const isNews = newest?.id !== person.id;
      newest = person;
      if (isNews) tabs.postMessage({ id: person.id, email: person.email });
    }
    setOther(newest);
    return () => tabs.close();
  }, [person]);

  const stay = () => setStayedAt(path);
  if (!other || other.id === id || stayedAt === path) return null;
  return (
    <AlertDialog
      open
      onCancel={stay}
      title="Somebody else has logged in"
      description={
        <>
          This page was opened by <EmailAddress address={email} />
          {". In another tab, "}
          <EmailAddress address={other.email} />
          {" has logged in since. What you do here now, you do as "}
          <EmailAddress address={other.email} />.
        </>
      }
      footer={
        <>
          <Button onClick={stay}>Stay on this page</Button>
          <Button variant="primary" onClick={() => location.reload()}>
            Reload the page
          </Button>
        </>
      }
    />
  );
}
