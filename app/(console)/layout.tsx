import type { ReactNode } from "react";
import { logOut } from "@/app/(auth)/login/actions";
import { ConsoleShell } from "@/components/layout/console-shell";
import { Toaster } from "@/components/ui/toaster";
import { requirePageAdministrator } from "@/lib/request/page";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { userId: id, name, email } = await requirePageAdministrator();
  return (
    <ConsoleShell audience="administrator" person={{ id, name, email }} logOutAction={logOut}>
      <p className="mb-6 hidden max-w-3xl rounded bg-warning-wash px-4 py-3 noscript:block">
        Scripts are off in this browser. You can read and search lists without them. To see the settings or
        change anything, allow scripts and reload the page.
      </p>
      {children}
      <Toaster />
    </ConsoleShell>
  );
}
