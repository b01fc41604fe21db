import "server-only";
import { audit } from "@/lib/audit/service";
import type { Actor } from "@/lib/core/actor";
import { driver } from "@/lib/core/db";
import { Refusal } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { countAttempt, refusalsOf } from "@/lib/core/throttle";

/**
 * Does what somebody asks for, and tells of it when it is not for them: the log each time, the audit of the first in a
 * minute. It is counted by who asks and not by what, so that trying every address leaves one event and not a page of
 * them. Whoever is not logged in is asked to be, which is no refusal to be told; what another site has a browser send
 * does not get past the front, and stands in its log. A refused GET is told as well: it changes nothing but the record.
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
    if (error instanceof Refusal && error.code === "forbidden") await tell(asked, who);
    throw error;
  }
}

async function tell(asked: string, who: () => Actor | Promise<Actor>, now = new Date()): Promise<void> {
  try {
    const actor = await who();
    if (actor.kind !== "person") return;
    const { requestId, address, userId } = actor;
    log().warn({ event: "access-refused", requestId, asked, address, userId });
    const throttle = await countAttempt({ key: refusalsOf(userId), perMinute: 1 });
    if (!throttle.allowed) return;
    await audit(driver(), actor, [{ kind: "access-refused", details: { asked } }], now);
  } catch (err) {
    log().error({ event: "refusal-not-audited", asked, err });
  }
}
