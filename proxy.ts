import type { NextRequest } from "next/server";
import { passGate } from "@/lib/request/gate";

/**
 * Programs' calls go past the gate, which lets them through as they are: their tokens are looked at by the routes, and
 * their answers have the front's headers. Those without a token stay, because some lead to a page whose address is secret.
 */
export const config = { matcher: ["/((?!api/(?!noauth/)).*)"] };

export async function proxy(request: NextRequest) {
  return passGate(request);
}
