import type { OutboxQuery } from "@/lib/mail/schema";

/** The address of the mails that a query asks for. */
export function outboxAddress({ state, recipient, after }: OutboxQuery): string {
  const given = Object.entries({ state, recipient, after }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return given.length === 0 ? "/mail" : `/mail?${new URLSearchParams(given)}`;
}
