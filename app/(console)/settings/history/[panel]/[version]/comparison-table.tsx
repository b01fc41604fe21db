import { type SettingChange, settingChanges } from "@/app/(console)/setting-words";
import { Badge } from "@/components/ui/badge";
import { RecordTable, recordCell } from "@/components/ui/record-table";
import { settingPairs } from "@/lib/settings/history/rules";
import type { Comparison } from "@/lib/settings/history/service";
import { sideText } from "../../revision-words";

const cell = recordCell["3xl"];

type ComparisonTableProps = { comparison: Comparison; onlyDifferences: boolean };

/** Every setting of two versions side by side, or only those that differ. */
export function ComparisonTable({ comparison, onlyDifferences }: ComparisonTableProps) {
  const { revision, other, inForce } = comparison;
  const pairs = settingPairs(revision, other);
  const sides = [
    sideText(revision.version, inForce.version),
    sideText(other.version, inForce.version),
  ] as const;
  const rows = settingChanges({ panel: revision.panel, changes: pairs }).map((setting) => ({
    setting,
    differs: pairs[setting.key]?.from !== pairs[setting.key]?.to,
    isDamaged: [revision.damaged.includes(setting.key), other.damaged.includes(setting.key)] as const,
  }));
  const shown = rows.filter(
    ({ differs, isDamaged }) => !onlyDifferences || differs || isDamaged.includes(true),
  );
  if (shown.length === 0) return <p className="text-muted">No setting differs.</p>;
  return (
    <RecordTable
      caption={`${sides[0]} beside ${sides[1]}`}
      from="3xl"
      columns={[
        { name: "Setting" },
        { name: sides[0], className: "w-48 @5xl:w-64" },
        { name: sides[1], className: "w-48 @5xl:w-64" },
        { name: <span className="sr-only">Difference</span>, className: "w-28" },
      ]}
    >
      {shown.map((row) => (
        <ComparisonRow key={row.setting.key} sides={sides} {...row} />
      ))}
    </RecordTable>
  );
}

type ComparisonRowProps = {
  setting: SettingChange;
  sides: readonly [string, string];
  differs: boolean;
  isDamaged: readonly [boolean, boolean];
};

function ComparisonRow({ setting, sides, differs, isDamaged }: ComparisonRowProps) {
  const { label, from, to } = setting;
  const weight = differs ? "font-medium text-ink" : "text-muted";
  return (
    <tr className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-1 px-4 py-4 hover:bg-hover @3xl:table-row">
      <th scope="row" className={`${cell} font-normal [overflow-wrap:anywhere]`}>
        {label}
      </th>
      {([from, to] as const).map((text, side) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a version compared with itself has the same name twice
        <td key={side} className={`${cell} col-span-2 text-sm leading-base [overflow-wrap:anywhere]`}>
          <span aria-hidden className="text-muted @3xl:hidden">
            {sides[side]}:{" "}
          </span>
          <bdi className={`mr-2 ${weight}`}>{text}</bdi>
          {isDamaged[side] ? <Badge tone="warning">Damaged, default shown</Badge> : null}
        </td>
      ))}
      <td className={`${cell} @max-3xl:col-start-2 @max-3xl:row-start-1`}>
        {isDamaged.includes(true) ? (
          <Badge tone="warning">Unknown</Badge>
        ) : differs ? (
          <Badge tone="accent">Differs</Badge>
        ) : (
          <span className="sr-only">Equal</span>
        )}
      </td>
    </tr>
  );
}
