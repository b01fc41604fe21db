import { PageHeaderSkeleton } from "@/components/layout/page-header";
import { CardSkeleton } from "@/components/ui/skeleton";

export default function MailSettingsLoading() {
  return (
    <div role="status">
      <span className="sr-only">Loading mail settings</span>
      <PageHeaderSkeleton />
      <div className="grid max-w-3xl gap-8">
        <CardSkeleton rows={6} />
        <CardSkeleton rows={1} />
      </div>
    </div>
  );
}
