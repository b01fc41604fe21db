import { z } from "zod";
import { escapeInvisible } from "@/components/ui/escape-invisible";
import type { AuditDetails } from "@/lib/audit/schema";
import { durationText } from "@/lib/core/durations/rules";
import { fieldLabels, panelLabels } from "@/lib/settings/labels";
import { MAX_PASSWORD_LENGTH } from "@/lib/settings/password/rules";
import { allPanels, type Panel, panels } from "@/lib/settings/schema";

/** A setting's old and new value in words, and a link to the setting. */
export type SettingChange = { key: string; label: string; href: string | null; from: string; to: string };

type Value = string | number | boolean | null;

const count = (value: number) => value.toLocaleString("en-US");
const words =
  (nothing: string, something: (n: number) => string = count) =>
  (value: Value) =>
    typeof value === "number" && value !== 0 ? something(value) : nothing;
const seconds = (value: Value) =>
  typeof value === "number" ? `${count(value)} (${durationText(value)})` : "not set";

const tlsWords: Record<string, string> = { starttls: "STARTTLS", tls: "TLS", none: "none" };

/** The settings whose empty or zero value has a special meaning, or whose number needs a special format. */
const valueWords: Record<string, (value: Value) => string> = {
  maxFailedLoginAttempts: words("never locks"),
  lockoutDurationMinutes: words("until somebody unlocks"),
  loginAttemptsPerAddressPerMinute: words("no limit"),
  userLockoutNotificationEmail: (value) => (value ? escapeInvisible(String(value)) : "nobody"),
  maximumLength: words(String(MAX_PASSWORD_LENGTH)),
  passwordExpirationPeriodDays: words("never expires"),
  passwordReuseFrequencyDays: words("off"),
  // The mark keeps the quotation marks on their sides of a name that is written from right to left.
  tokenIssuer: (value) => `\u200e“${escapeInvisible(String(value ?? ""))}”`,
  tokenExpirationTime: seconds,
  refreshTokenExpTime: seconds,
  port: String,
  tls: (value) => tlsWords[String(value)] ?? "not set",
};

function valueText(key: string, value: Value): string {
  const own = Object.hasOwn(valueWords, key) ? valueWords[key] : undefined;
  if (own) return own(value);
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "number") return count(value);
  return value === null || value === "" ? "not set" : escapeInvisible(value);
}

const valueSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const changeSchema = z.object({ from: valueSchema, to: valueSchema });

const panelOf = (details: AuditDetails): Panel | undefined =>
  allPanels.find((name) => name === details.panel);

/** Returns the name of the event's panel; null if the event names none, or one that no longer exists. */
export function panelName(details: AuditDetails): string | null {
  const panel = panelOf(details);
  return panel ? panelLabels[panel] : null;
}

/** Returns a link to the version that a save made; null if its panel has no history page. */
export function versionLink({ panel, version }: AuditDetails): { href: string; text: string } | null {
  const known = panels.find((name) => name === panel);
  if (!known || typeof version !== "number" || !Number.isSafeInteger(version) || version < 1) return null;
  return { href: `/settings/history/${known}/${version}`, text: `Version ${count(version)}` };
}

/** Returns both values in words, with the values themselves where the words are the same: 0 and empty both mean "off". */
function changeText(key: string, { from, to }: { from: Value; to: Value }): { from: string; to: string } {
  const texts = { from: valueText(key, from), to: valueText(key, to) };
  if (from === to || texts.from !== texts.to) return texts;
  const exact = (text: string, value: Value) => {
    const entered = value === null ? "empty" : String(value);
    return text === entered ? text : `${text} (${entered})`;
  };
  return { from: exact(texts.from, from), to: exact(texts.to, to) };
}

/** Lists what a save changed, in the panel's order. */
export function settingChanges(details: AuditDetails): SettingChange[] {
  const { changes } = details;
  if (typeof changes !== "object" || changes === null) return [];
  const panel = panelOf(details);
  const labels: Record<string, string> = panel ? fieldLabels[panel] : {};
  const known = Object.keys(labels);
  const place = (key: string) => (known.includes(key) ? known.indexOf(key) : known.length);
  return Object.keys(changes)
    .sort((a, b) => place(a) - place(b))
    .flatMap((key) => {
      const change = changeSchema.safeParse(changes[key]);
      if (!change.success) return [];
      const isKnown = known.includes(key);
      const label = isKnown
        ? `${labels[key]}${key === "tokenSigningKey" ? " (fingerprint)" : ""}`
        : escapeInvisible(key);
      const page = panel === "mail" ? "mail" : "security";
      const href = isKnown ? `/settings/${page}#${key}` : null;
      return [{ key, label, href, ...changeText(key, change.data) }];
    });
}
