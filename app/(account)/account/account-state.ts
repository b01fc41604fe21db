import type { Profile } from "@/lib/accounts/schema";

/** What the profile card shows after a save: the values it was sent, and what became of them. */
export type ProfileState = {
  kind: "idle" | "saved" | "refused";
  message: string | null;
  values: Profile;
  fieldErrors: Partial<Record<keyof Profile, string>>;
};

/** What the session card shows after sessions were ended. */
export type SessionsState = { kind: "idle" | "ended" | "failed"; message: string | null };
