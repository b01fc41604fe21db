import type { Metadata } from "next";
import { AuthHeading } from "@/components/layout/auth-frame";
import { buttonStyles } from "@/components/ui/button";

export const metadata: Metadata = { title: "This link no longer works" };

/** What to do next, by the code in `?kind=`. None of it says whether there is an account. */
const advice: ReadonlyMap<string, string> = new Map([
  ["activation", "If your account is not active yet, ask your administrator for a new activation link."],
  ["password-expired", "Log in once more, and you have another ten minutes to choose a new password."],
]);

const generalAdvice = "Ask for a new link where you asked for this one.";

type LinkExpiredPageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function LinkExpiredPage({ searchParams }: LinkExpiredPageProps) {
  const { kind } = await searchParams;
  return (
    <>
      <AuthHeading title="This link no longer works">
        <p>It has been used, has expired, or was replaced by a newer one.</p>
      </AuthHeading>
      <p className="mb-6">{(typeof kind === "string" && advice.get(kind)) || generalAdvice}</p>
      <a href="/login" className={buttonStyles({ className: "w-full" })}>
        Go to log in
      </a>
    </>
  );
}
