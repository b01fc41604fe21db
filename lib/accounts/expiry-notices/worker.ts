import "server-only";
import { repeatEvery } from "@/lib/core/background";
import { HOUR_MS } from "@/lib/core/durations/rules";
import { sendExpiryNotices } from "./service";

/** Starts the background job that sends expiry notices. Once a day, the notice "one day before" could be a day late. */
export const startExpiryNotices = () => repeatEvery("expiry-notices", HOUR_MS, sendExpiryNotices);
