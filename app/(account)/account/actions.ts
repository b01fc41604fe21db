"use server";

import { refresh } from "next/cache";
import { throttledText } from "@/app/form-failure";
import { mayBeDone } from "@/components/form/failure-words";
import { profileSchema } from "@/lib/accounts/schema";
import { updateOwnProfile } from "@/lib/accounts/service/own-account";
import { formAction, formText } from "@/lib/request/action";
import { endOwnSessionSchema } from "@/lib/sessions/schema";
import { endOtherSessions, endOwnSession } from "@/lib/sessions/service/own-sessions";
import { accountFailureText } from "./account-failure";
import {
  othersEnded,
  type ProfileState,
  profileFailureText,
  type SessionsState,
  SOMEBODY_ELSE,
} from "./account-state";
import { isAnothersForm } from "./whose-form";

const typedProfile = (form: FormData) => ({
  firstName: formText(form, "firstName"),
  lastName: formText(form, "lastName"),
});
const seenProfile = (form: FormData) =>
  form.has("seenFirstName")
    ? { firstName: formText(form, "seenFirstName"), lastName: formText(form, "seenLastName") }
    : null;

export const saveProfile = formAction<ProfileState>(
  async (actor, form) => {
    const [values, seen] = [typedProfile(form), seenProfile(form)];
    const refused = { kind: "refused", message: null, values, seen, fieldErrors: {} } as const;
    if (isAnothersForm(actor, form))
      return {
        ...refused,
        message: `${SOMEBODY_ELSE} Nothing was saved. Reload the page to see their name.`,
      };
    const parsed = profileSchema.safeParse(values);
    if (!parsed.success) {
      const errors = Object.fromEntries(parsed.error.issues.map(({ path, message }) => [path[0], message]));
      return { ...refused, fieldErrors: errors };
    }
    const saved = await updateOwnProfile(actor, { ...parsed.data, seen });
    if (!saved.ok) return { ...refused, message: throttledText(saved.retryAfterSeconds) };
    refresh();
    const { profile } = saved;
    return { kind: "saved", message: "Saved.", values: profile, seen: profile, fieldErrors: {} };
  },
  (failure, form) => ({
    kind: "refused",
    message: profileFailureText(failure),
    values: typedProfile(form),
    seen: mayBeDone(failure) ? null : seenProfile(form),
    fieldErrors: {},
  }),
);

export const endSessions = formAction<SessionsState>(
  async (actor, form) => {
    const which = formText(form, "session");
    if (isAnothersForm(actor, form)) {
      // Those of them that are live would be said to have ended.
      refresh();
      return { kind: "failed", message: `${SOMEBODY_ELSE} No session was ended, and these are theirs.` };
    }
    if (which === "others") {
      const { ended } = await endOtherSessions(actor);
      refresh();
      return { kind: "ended", message: othersEnded(ended) };
    }
    const parsed = endOwnSessionSchema.safeParse({ sessionId: which });
    const result = parsed.success ? await endOwnSession(actor, parsed.data) : { ok: false };
    refresh();
    return {
      kind: "ended",
      message: result.ok ? "That session has ended." : "That session had ended already.",
    };
  },
  (failure) => ({ kind: "failed", message: accountFailureText(failure) }),
);
