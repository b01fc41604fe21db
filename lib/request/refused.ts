import "server-only";
import { audit } from "@/lib/audit/service";
import type { Actor } from "@/lib/core/actor";
import { driver } from "@/lib/core/db";
import { Refusal } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { countAttempt, refusalsOf } from "@/lib/core/throttle";

/**
 * Runs `work`, and records its "forbidden" refusal: each one in the log, and the first in a minute in the audit log.
 * The limit is by user and not by path, so that a user who tries every path leaves one event and not a page of them. A
 * request without a login is not recorded, because the answer is to log in. A cross-site request does not pass the
 * front, and is in the front's log. A refused GET is recorded too: it changes nothing but the record.
 * @param asked the method with the path or its pattern, and the action's name
 * @throws what `work` throws; an error of the recording itself is only logged
 */
export async function recordingForbidden<T>(
  asked: string,
  who: () => Actor | Promise<Actor>,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal && error.code === "forbidden") await record(asked, who);
    throw error;
  }
}

async function record(asked: string, who: () => Actor | Promise<Actor>): Promise<void> {
  try {
    const actor = await who();
    if (actor.kind !== "person") return;
    const { requestId, address, userId } = actor;
    log().warn({ event: "access-refused", requestId, asked, address, userId });
    const throttle = await countAttempt({ key: refusalsOf(userId), perMinute: 1 });
    if (!throttle.allowed) return;
    await audit(driver(), actor, [{ kind: "access-refused", details: { asked } }], new Date());
  } catch (err) {
    log().error({ event: "refusal-not-audited", asked, err });
  }
}
