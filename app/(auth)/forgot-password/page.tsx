import type { Metadata } from "next";
import { ForgotPasswordForm } from "./forgot-password-form";

/** The words for a person who forgot a password, and for one whose invitation has ended and who never had one. */
const words = {
  forgotten: {
    title: "Forgot your password?",
    text: "Enter the e-mail address of your account, and we will send you a link to choose a new password.",
  },
  invited: {
    title: "Get a new link",
    text: "Enter the e-mail address that was invited, and we will send you a new link to choose a password.",
  },
};

const wordsFor = (reason: unknown) => (reason === "activation" ? words.invited : words.forgotten);

export async function generateMetadata({ searchParams }: PageProps<"/forgot-password">): Promise<Metadata> {
  return { title: wordsFor((await searchParams).for).title };
}

export default async function ForgotPasswordPage({ searchParams }: PageProps<"/forgot-password">) {
  return <ForgotPasswordForm {...wordsFor((await searchParams).for)} />;
}
