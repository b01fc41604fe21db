import { redirect } from "next/navigation";
import { requirePageAdministrator } from "@/lib/request/page";

/** The console opens on what it is for. */
export default async function ConsolePage() {
  await requirePageAdministrator();
  redirect("/settings/security");
}
