import { z } from "zod/mini";
import { uuidCursorSchema } from "@/lib/core/cursor/schema";
import { idSchema } from "@/lib/core/id/schema";

/** How many of a person's other sessions one page shows. */
export const OWN_SESSIONS_PAGE_SIZE = 50;

export const ownSessionsQuerySchema = z.object({ after: uuidCursorSchema });

export const endOwnSessionSchema = z.object({ sessionId: idSchema });
