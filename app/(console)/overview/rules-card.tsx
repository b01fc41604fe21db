import { SavedByLine } from "@/components/form/saved-by-line";
import { Card, CardHeader } from "@/components/ui/card";
import { panelLabels } from "@/lib/settings/labels";
import { describeGeneralPolicy, describeJwtSettings, describePasswordPolicy } from "@/lib/settings/rules";
import { panels } from "@/lib/settings/schema";
import type { StoredPanels } from "@/lib/settings/store";
import { RoomyLink } from "./roomy-link";

/** What the rules in force do to people, with who saved them last, and a link to each panel. */
export function RulesCard({ settings }: { settings: StoredPanels }) {
  const effects = {
    general: describeGeneralPolicy(settings.general.values),
    password: describePasswordPolicy(settings.password.values),
    jwt: describeJwtSettings(settings.jwt.values),
  };
  return (
    <Card id="rules">
      <CardHeader id="rules" title="Rules in effect" />
      <div className="divide-y divide-line">
        {panels.map((panel) => (
          <div key={panel} className="px-5 py-4 [overflow-wrap:anywhere] sm:px-6">
            <div className="flex flex-wrap items-baseline justify-between gap-x-6">
              <h3 className="font-medium">
                <RoomyLink href={`/settings/security#${panel}`}>{panelLabels[panel]}</RoomyLink>
              </h3>
              <SavedByLine panel={settings[panel]} />
            </div>
            <p className="mt-1 text-muted">{effects[panel]}</p>
          </div>
        ))}
      </div>
    </Card>
  );
}
