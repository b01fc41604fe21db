import { clsx } from "clsx";
import { Change } from "@/components/ui/change";
import type { SettingChange } from "./setting-words";

/** The changes of a save: each setting with a link to it, and its old and new value. */
export function SettingChanges({ changes, className }: { changes: SettingChange[]; className?: string }) {
  if (changes.length === 0) return null;
  return (
    <ul className={clsx("grid w-full gap-1 text-sm", className)}>
      {changes.map(({ key, label, href, from, to }) => (
        <li key={key} className="[overflow-wrap:anywhere]">
          {href ? (
            <a href={href} className="text-accent underline-offset-2 hover:underline">
              {label}
            </a>
          ) : (
            <span>{label}</span>
          )}{" "}
          <Change from={<bdi>{from}</bdi>} to={<bdi>{to}</bdi>} />
        </li>
      ))}
    </ul>
  );
}
