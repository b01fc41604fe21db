import type { Comparison } from "@/lib/settings/history/service";
import { describeRevision, sideText } from "../../revision-words";

/** What the values of both versions do, in the words of their panel. */
export function EffectsOfBoth({ comparison }: { comparison: Comparison }) {
  const { revision, other, inForce } = comparison;
  return (
    <section aria-labelledby="effects">
      <h2 id="effects" className="text-lg font-semibold">
        Effect
      </h2>
      <div className="mt-3 grid gap-4 lg:grid-cols-2">
        {[revision, other].map((side, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: there are always these two
          <div key={index} className="rounded border bg-surface px-4 py-3 [overflow-wrap:anywhere]">
            <h3 className="text-sm font-medium text-muted">{sideText(side.version, inForce.version)}</h3>
            <p className="mt-1">{describeRevision(side)}</p>
          </div>
        ))}
      </div>
    </section>
  );
}
