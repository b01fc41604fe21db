import type { Metadata } from "next";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { AuthHeading } from "@/components/layout/auth-frame";
import { NewPasswordForm } from "@/components/password/new-password-form";
import { EmailAddress } from "@/components/ui/email-address";
import { grantOwner } from "@/lib/accounts/service/link-owner";
import { passwordPolicy } from "@/lib/accounts/service/new-password";
import { expiredGrantCookieName } from "@/lib/auth/expired-grant-cookie";
import { counted } from "@/lib/core/count/rules";
import { replaceExpiredPassword } from "./actions";

export const metadata: Metadata = { title: "Choose a new password" };

export default async function PasswordExpiredPage() {
  const grant = (await cookies()).get(expiredGrantCookieName())?.value;
  const owner = grant ? await grantOwner(grant) : null;
  if (!owner) redirect("/link-expired?kind=password-expired");
  return (
    <>
      <AuthHeading title="Choose a new password">
        <p>
          {reason(owner.periodDays)} Choose a new one for <EmailAddress address={owner.email} /> within ten
          minutes of logging in.
        </p>
      </AuthHeading>
      <NewPasswordForm
        action={replaceExpiredPassword}
        policy={await passwordPolicy()}
        submit="Save new password"
        owner={owner}
      />
    </>
  );
}

function reason(days: number | null): string {
  if (days === null) return "Your password had expired when you logged in.";
  return `Your password has expired: passwords here last ${counted(days, "day")}.`;
}
