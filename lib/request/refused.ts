import "server-only";
import { audit } from "@/lib/audit/service";
import type { Actor } from "@/lib/core/actor";
import { driver } from "@/lib/core/db";
import { Refusal, type RefusalCode } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { countAttempt, refusalsOf, refusalsOfStrangers } from "@/lib/core/throttle";

/** How many events all who are not logged in may leave in a minute, from however many addresses: an audit is read by people. */
const EVENTS_OF_STRANGERS_PER_MINUTE = 30;

/** What is told. That somebody must log in, or sent what does not fit, is no attempt at what is another's. */
const TOLD: ReadonlySet<RefusalCode> = new Set(["forbidden", "cross-origin"]);

/**
 * Does what somebody asks for, and tells of it when they may not have it: the log each time, the audit of the first in a
 * minute. It is counted by who asks and not by what, so that trying every address leaves one event and not a page of them.
 * @param asked a method with the path or its pattern, and the action's name
 * @throws what `work` throws; never that it could not be told
 */
export async function tellingRefusals<T>(
  asked: string,
  who: () => Actor | Promise<Actor>,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal && TOLD.has(error.code)) await tell(asked, who, error.code);
    throw error;
  }
}

async function tell(
  asked: string,
  who: () => Actor | Promise<Actor>,
  reason: RefusalCode,
  now = new Date(),
): Promise<void> {
  try {
    const actor = await who();
    const { requestId, address } = actor;
    const person = actor.kind === "person" ? { userId: actor.userId } : {};
    log().warn({ event: "access-refused", requestId, asked, reason, address, ...person });
    const strangers = { key: refusalsOfStrangers, perMinute: EVENTS_OF_STRANGERS_PER_MINUTE };
    const counted = { key: refusalsOf(actor), perMinute: 1 };
    const throttle = await countAttempt(counted, ...(actor.kind === "person" ? [] : [strangers]));
    if (!throttle.allowed) return;
    await audit(driver(), actor, [{ kind: "access-refused", details: { asked, reason } }], now);
  } catch (err) {
    log().error({ event: "refusal-not-audited", asked, reason, err });
  }
}
