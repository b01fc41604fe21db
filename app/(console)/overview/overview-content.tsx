import type { Actor } from "@/lib/core/actor";
import { readOverview } from "@/lib/overview/service";
import { AttentionCard } from "./attention-card";
import { DayCard } from "./day-card";
import { NowCard } from "./now-card";
import { RulesCard } from "./rules-card";

/** The cards of the overview: on a wide screen what to read at the left, and the numbers at the right. */
export async function OverviewContent({ actor }: { actor: Actor }) {
  const { readAt, attention, settings, events, spans, sessions, accounts } = await readOverview(actor);
  return (
    <div className="grid max-w-3xl items-start gap-8 xl:max-w-6xl xl:grid-cols-[minmax(0,1fr)_23rem]">
      <div className="grid gap-8">
        <AttentionCard items={attention} />
        <RulesCard settings={settings} />
      </div>
      <div className="grid items-start gap-8 md:max-xl:grid-cols-2">
        <DayCard events={events} spans={spans} />
        <NowCard readAt={readAt} sessions={sessions} accounts={accounts} />
      </div>
    </div>
  );
}
