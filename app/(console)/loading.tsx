import { PageHeaderSkeleton } from "@/components/layout/page-header";
import { CardSkeleton } from "@/components/ui/skeleton";

/** The shape that most console pages have; a page of another shape brings its own. */
export default function ConsoleLoading() {
  return (
    <div role="status">
      <span className="sr-only">Loading</span>
      <PageHeaderSkeleton />
      <div className="max-w-3xl">
        <CardSkeleton />
      </div>
    </div>
  );
}
