import type { ReactNode } from "react";
import { logOut } from "@/app/(auth)/login/actions";
import { ConsoleShell } from "@/components/layout/console-shell";
import { requirePagePerson } from "@/lib/request/page";

/** The console's frame for what is everybody's own: administrators keep their sidebar, others have only this. */
export default async function AccountLayout({ children }: { children: ReactNode }) {
  const { name, email, authority } = await requirePagePerson();
  return (
    <ConsoleShell
      audience={authority === "SYS_ADMIN" ? "administrator" : "person"}
      person={{ name, email }}
      logOutAction={logOut}
    >
      {children}
    </ConsoleShell>
  );
}
