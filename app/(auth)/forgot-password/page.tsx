import type { Metadata } from "next";
import { currentActor } from "@/lib/request/page";
import { ForgotPasswordForm } from "./forgot-password-form";

export const metadata: Metadata = { title: "Forgot your password?" };

export default async function ForgotPasswordPage() {
  await currentActor();
  return <ForgotPasswordForm />;
}
