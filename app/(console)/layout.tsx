import type { ReactNode } from "react";
import { logOut } from "@/app/(auth)/login/actions";
import { ConsoleShell } from "@/components/layout/console-shell";
import { Toaster } from "@/components/ui/toaster";
import { requirePageAdministrator } from "@/lib/request/page";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { name, email } = await requirePageAdministrator();
  return (
    <ConsoleShell audience="administrator" person={{ name, email }} logOutAction={logOut}>
      {children}
      <Toaster />
    </ConsoleShell>
  );
}
