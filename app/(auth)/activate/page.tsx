import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { linkToken } from "@/app/(auth)/link-token";
import { AuthHeading } from "@/components/layout/auth-frame";
import { NewPasswordForm } from "@/components/password/new-password-form";
import { linkOwner } from "@/lib/accounts/service/link-owner";
import { passwordPolicy } from "@/lib/accounts/service/new-password";
import { activate } from "./actions";

export const metadata: Metadata = { title: "Choose your password" };

export default async function ActivatePage({ searchParams }: PageProps<"/activate">) {
  const token = linkToken((await searchParams).token);
  const owner = token ? await linkOwner("ACTIVATION", token) : null;
  if (!token || !owner) redirect("/link-expired?kind=activation");
  return (
    <>
      <AuthHeading title="Choose your password">
        <p>
          Your account <bdi className="font-medium break-all text-ink">{owner.maskedEmail}</bdi> is ready.
          Choose the password that you will log in with.
        </p>
      </AuthHeading>
      <NewPasswordForm
        action={activate}
        policy={await passwordPolicy()}
        token={token}
        submit="Activate account"
      />
    </>
  );
}
