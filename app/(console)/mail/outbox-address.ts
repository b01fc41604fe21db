import { listAddress } from "@/app/(console)/list-address";
import type { OutboxQuery } from "@/lib/mail/schema";

/** The address of the mails that a query asks for. */
export function outboxAddress({ state, recipient, after }: OutboxQuery): string {
  return listAddress("/mail", { state, recipient, after });
}

/** Whether only some of the mails are asked for. */
export function isFiltered({ state, recipient }: OutboxQuery): boolean {
  return state !== undefined || recipient !== undefined;
}
