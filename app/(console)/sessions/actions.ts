"use server";

import { z } from "zod";
import { adminAction } from "@/lib/request/action";
import { endAllSessionsSchema, endSessionSchema } from "@/lib/sessions/live/schema";
import { countAffectedSessions, endAllSessions, endSession } from "@/lib/sessions/live/service";

export const endOne = adminAction("endOne", endSessionSchema, endSession);
export const askReach = adminAction("askReach", z.object({}), (actor) => countAffectedSessions(actor));
export const endAll = adminAction("endAll", endAllSessionsSchema, endAllSessions);
