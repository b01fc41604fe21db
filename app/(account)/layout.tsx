import type { ReactNode } from "react";
import { logOut } from "@/app/(auth)/login/actions";
import { ConsoleShell } from "@/components/layout/console-shell";
import { requirePagePerson } from "@/lib/request/page";

/**
 * The console's frame for the pages that everyone has. Administrators keep their full sidebar; others see only these
 * pages.
 */
export default async function AccountLayout({ children }: { children: ReactNode }) {
  const { userId: id, name, email, authority } = await requirePagePerson();
  return (
    <ConsoleShell
      audience={authority === "SYS_ADMIN" ? "administrator" : "person"}
      person={{ id, name, email }}
      logOutAction={logOut}
    >
      {children}
    </ConsoleShell>
  );
}
