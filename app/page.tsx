import { redirect } from "next/navigation";
import { requirePagePerson } from "@/lib/request/page";
import { startPage } from "@/lib/request/start-page";

/** Sends everyone to their start page. */
export default async function HomePage() {
  redirect(startPage(await requirePagePerson()));
}
