import { redirect } from "next/navigation";
import { requirePagePerson } from "@/lib/request/page";

/** Sends everyone to their start page: administrators to the settings, others to their account. */
export default async function HomePage() {
  const { authority } = await requirePagePerson();
  redirect(authority === "SYS_ADMIN" ? "/settings/security" : "/account");
}
