import { z } from "zod";

/** How many of their sessions a person is shown: more than anybody's devices, fewer than a script can open. */
export const OWN_SESSIONS_SHOWN = 50;

export const endOwnSessionSchema = z.object({ sessionId: z.uuid() });
