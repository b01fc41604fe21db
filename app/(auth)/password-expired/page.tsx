import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { AuthHeading } from "@/components/layout/auth-frame";
import { isLinkUsable, passwordPolicy } from "@/lib/accounts/service/new-password";
import { PasswordExpiredForm } from "./password-expired-form";

export const metadata: Metadata = { title: "Choose a new password" };

type PasswordExpiredPageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function PasswordExpiredPage({ searchParams }: PasswordExpiredPageProps) {
  const { token } = await searchParams;
  if (typeof token !== "string" || !(await isLinkUsable("PASSWORD_EXPIRED", token))) {
    redirect("/link-expired?kind=password-expired");
  }
  const policy = await passwordPolicy();
  return (
    <>
      <AuthHeading title="Choose a new password">
        <p>{reason(policy.passwordExpirationPeriodDays)} Choose another one within ten minutes to go on.</p>
      </AuthHeading>
      <PasswordExpiredForm policy={policy} token={token} />
    </>
  );
}

function reason(days: number): string {
  if (days === 0) return "Your password has expired.";
  return `Your password has expired: passwords here last ${days === 1 ? "1 day" : `${days} days`}.`;
}
