import { redirect } from "next/navigation";
import { requirePagePerson } from "@/lib/request/page";

/** Everybody begins with what is theirs: administrators with the settings, others with their account. */
export default async function HomePage() {
  const { authority } = await requirePagePerson();
  redirect(authority === "SYS_ADMIN" ? "/settings/security" : "/account");
}
