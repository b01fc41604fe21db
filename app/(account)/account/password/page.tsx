import type { Metadata } from "next";
import { PageHeader } from "@/components/layout/page-header";
import { Card, CardHeader } from "@/components/ui/card";
import { passwordPolicy } from "@/lib/accounts/service/new-password";
import { requirePagePerson } from "@/lib/request/page";
import { PasswordForm } from "./password-form";

export const metadata: Metadata = { title: "Change password" };

export default async function ChangePasswordPage() {
  const { email } = await requirePagePerson();
  return (
    <>
      <PageHeader title="Password" description="What you log in with, and confirm important steps with." />
      <div className="max-w-3xl">
        <Card id="change">
          <CardHeader
            id="change"
            title="Change password"
            description="Wherever else you are logged in, you are logged out. This session goes on."
          />
          <PasswordForm policy={await passwordPolicy()} email={email} />
        </Card>
      </div>
    </>
  );
}
