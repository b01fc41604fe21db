import type { Metadata } from "next";
import { PageHeader } from "@/components/layout/page-header";
import { Card, CardHeader } from "@/components/ui/card";
import { readMobileCode } from "@/lib/mobile/service";
import { requirePagePerson } from "@/lib/request/page";
import type { StoredCode } from "./code-phase";
import { MobileForm } from "./mobile-form";

export const metadata: Metadata = { title: "Mobile app" };

export default async function MobilePage() {
  const actor = await requirePagePerson();
  const stored = await readMobileCode(actor);
  const now = new Date();
  const shown: StoredCode | null = stored && {
    createdAt: stored.createdAt.toISOString(),
    expiresAt: stored.expiresAt.toISOString(),
    isUsed: stored.usedAt !== null,
    isOpen: stored.usedAt === null && stored.expiresAt > now,
  };
  return (
    <>
      <PageHeader
        title="Mobile app"
        description="Log in on a phone or tablet without typing your password there."
      />
      <div className="max-w-3xl">
        <Card id="code">
          <CardHeader
            id="code"
            title="Log in with a code"
            description="A code works once, within two minutes. Anyone who scans it is logged in as you, so do not show it to others."
          />
          {/* The page is read again while a code is open, for whoever has logged in at this browser by then. */}
          <MobileForm key={actor.userId} personId={actor.userId} stored={shown} />
        </Card>
      </div>
    </>
  );
}
