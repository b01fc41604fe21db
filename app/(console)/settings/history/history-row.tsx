import { SettingChanges } from "@/app/(console)/setting-changes";
import { settingChanges } from "@/app/(console)/setting-words";
import { savedOnHost } from "@/components/form/saved-by";
import { Badge } from "@/components/ui/badge";
import { recordCell } from "@/components/ui/record-table";
import { dataLink } from "@/components/ui/text-link";
import { Time } from "@/components/ui/time";
import type { RevisionEntry } from "@/lib/settings/history/service";
import { versionAddress } from "./history-address";
import { labelsText, versionTitle } from "./revision-words";
import { Saver } from "./saver";

const cell = recordCell["4xl"];

/** One version: a table row, or stacked lines where there is no room for columns. */
export function HistoryRow({ entry }: { entry: RevisionEntry }) {
  const { revision, isInForce } = entry;
  const { savedAt } = revision;
  return (
    <tr className="grid gap-y-1 px-4 py-4 hover:bg-hover @4xl:table-row">
      <td className={`${cell} text-sm leading-base text-muted [&_time]:whitespace-normal`}>
        {savedAt ? <Time iso={savedAt.toISOString()} precision="second" /> : null}
      </td>
      <th scope="row" className={`${cell} font-normal`}>
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <a href={versionAddress(revision)} className={`font-medium ${dataLink}`}>
            {versionTitle(revision)}
          </a>
          {isInForce ? <Badge tone="accent">In effect</Badge> : null}
        </span>
      </th>
      <td className={cell}>
        <WhatChanged entry={entry} />
      </td>
      <td className={`${cell} text-sm leading-base`}>
        {savedOnHost(revision) === null ? <span className="text-muted @4xl:hidden">by </span> : null}
        <Saver save={revision} />
      </td>
    </tr>
  );
}

function WhatChanged({ entry: { revision, changes, repaired } }: { entry: RevisionEntry }) {
  const { panel, version, damaged } = revision;
  const words = settingChanges({ panel, changes });
  const notes = [
    ...(damaged.length > 0 ? [`Damaged and no longer readable: ${labelsText(panel, damaged)}`] : []),
    ...(repaired.length > 0 ? [`Replaced damaged values: ${labelsText(panel, repaired)}`] : []),
  ];
  if (words.length === 0 && notes.length === 0)
    notes.push(version === 1 ? "The defaults" : "No value changed");
  return (
    <>
      <SettingChanges changes={words} />
      {notes.map((note) => (
        <p key={note} className="text-sm leading-base text-muted not-first:mt-1 [overflow-wrap:anywhere]">
          {note}
        </p>
      ))}
    </>
  );
}
