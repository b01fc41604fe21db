import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { linkToken } from "@/app/(auth)/link-token";
import { AuthHeading } from "@/components/layout/auth-frame";
import { NewPasswordForm } from "@/components/password/new-password-form";
import { linkOwner } from "@/lib/accounts/service/link-owner";
import { passwordPolicy } from "@/lib/accounts/service/new-password";
import { resetPassword } from "./actions";

export const metadata: Metadata = { title: "Choose a new password" };

export default async function ResetPasswordPage({ searchParams }: PageProps<"/reset-password">) {
  const token = linkToken((await searchParams).token);
  const owner = token ? await linkOwner("PASSWORD_RESET", token) : null;
  if (!token || !owner) redirect("/link-expired?kind=reset");
  return (
    <>
      <AuthHeading title="Choose a new password">
        <p>
          For <bdi className="font-medium break-all text-ink">{owner.maskedEmail}</bdi>. This logs out
          everyone who is logged in to the account.
        </p>
      </AuthHeading>
      <NewPasswordForm
        action={resetPassword}
        policy={await passwordPolicy()}
        token={token}
        submit="Save new password"
      />
    </>
  );
}
