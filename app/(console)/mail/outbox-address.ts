import { listAddress } from "@/app/(console)/list-address";
import type { OutboxQuery } from "@/lib/mail/schema";

/** Returns the URL of the mails that a query selects. */
export function outboxAddress({ state, recipient, after }: OutboxQuery): string {
  return listAddress("/mail", { state, recipient, after });
}

/** Tells whether a filter is set. */
export function isFiltered({ state, recipient }: OutboxQuery): boolean {
  return state !== undefined || recipient !== undefined;
}
