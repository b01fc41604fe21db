import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { logOut } from "@/app/(auth)/login/actions";
import { AuthHeading } from "@/components/layout/auth-frame";
import { OtherPerson } from "@/components/layout/other-person";
import { Button, buttonStyles } from "@/components/ui/button";
import { EmailAddress } from "@/components/ui/email-address";
import { Fact, Facts } from "@/components/ui/facts";
import { currentActor } from "@/lib/request/page";

export const metadata: Metadata = { title: "No access to the console" };

/** For a logged-in person without the system administrator's authority who opens a console page. */
export default async function NoAccessPage() {
  const actor = await currentActor();
  if (actor.kind !== "person") redirect("/login");
  if (actor.authority === "SYS_ADMIN") redirect("/");
  return (
    <>
      <AuthHeading title="You have no access to the console">
        <p>You are logged in and your account is fine, but this console is for system administrators only.</p>
      </AuthHeading>
      <Facts className="mb-6 rounded border bg-sunken px-4 py-3">
        {actor.name ? <Fact term="Name">{actor.name}</Fact> : null}
        <Fact term="Account">
          <EmailAddress address={actor.email} />
        </Fact>
      </Facts>
      <a href="/account" className={buttonStyles({ variant: "primary", className: "w-full" })}>
        Go to your account
      </a>
      <p className="mt-6 mb-3 border-t pt-5 text-sm text-muted">
        To use the console, log in with another account, or ask an administrator to change yours.
      </p>
      <form action={logOut}>
        <Button type="submit" className="w-full">
          Log out
        </Button>
      </form>
      <OtherPerson person={{ id: actor.userId, email: actor.email }} />
    </>
  );
}
