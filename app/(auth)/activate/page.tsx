import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { AuthHeading } from "@/components/layout/auth-frame";
import { linkOwner } from "@/lib/accounts/service/link-owner";
import { passwordPolicy } from "@/lib/accounts/service/new-password";
import { ActivateForm } from "./activate-form";

export const metadata: Metadata = { title: "Choose your password" };

type ActivatePageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function ActivatePage({ searchParams }: ActivatePageProps) {
  const { token } = await searchParams;
  const owner = typeof token === "string" ? await linkOwner("ACTIVATION", token) : null;
  if (typeof token !== "string" || !owner) redirect("/link-expired?kind=activation");
  return (
    <>
      <AuthHeading title="Choose your password">
        <p>
          Your account <bdi className="font-medium break-all text-ink">{owner.maskedEmail}</bdi> is ready.
          Choose the password that you will log in with.
        </p>
      </AuthHeading>
      <ActivateForm policy={await passwordPolicy()} token={token} />
    </>
  );
}
