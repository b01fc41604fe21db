import type { Metadata } from "next";
import { PageHeader } from "@/components/layout/page-header";
import { Card, CardHeader } from "@/components/ui/card";
import { passwordPolicy } from "@/lib/accounts/service/new-password";
import { requirePagePerson } from "@/lib/request/page";
import { PasswordForm } from "./password-form";

export const metadata: Metadata = { title: "Change password" };

export default async function ChangePasswordPage() {
  const { userId, email } = await requirePagePerson();
  return (
    <>
      <PageHeader title="Password" description="You use it to log in and to confirm sensitive changes." />
      <div className="max-w-3xl">
        <Card id="change">
          <CardHeader
            id="change"
            title="Change password"
            description="You are logged out everywhere else. This session stays open."
          />
          {/* A refusal reads the page again, for whoever has logged in at this browser by then. */}
          <PasswordForm key={userId} personId={userId} policy={await passwordPolicy()} email={email} />
        </Card>
      </div>
    </>
  );
}
