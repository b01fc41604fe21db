import { RestError, type RestErrorName } from "@/lib/request/rest-errors";
import type { NamedUserFailure } from "@/lib/users/service/named-user";

// ThingsBoard answers with its "permission denied" error code when a system administrator deletes their own account.
const errors: Record<NamedUserFailure["code"], { name: RestErrorName; message: string }> = {
  "not-found": { name: "not-found", message: "There is no such user." },
  "not-activated": { name: "bad-request", message: "The account was never activated." },
  activated: { name: "bad-request", message: "The account is already activated." },
  oneself: { name: "forbidden", message: "You cannot disable or delete your own account." },
  "last-administrator": {
    name: "forbidden",
    message: "The last active system administrator cannot be disabled or deleted.",
  },
  "out-of-date": { name: "conflict", message: "Somebody else has changed the account in the meantime." },
};

/** Returns the REST error for a change of an account that was refused. */
export function userError({ code }: NamedUserFailure): RestError {
  const { name, message } = errors[code];
  return new RestError(name, { message });
}
