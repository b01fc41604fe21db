import type { NextRequest } from "next/server";
import { passGate } from "@/lib/request/gate";

/**
 * Calls of the REST API skip the gate, which would not change them: routes check their tokens, and the front sets their
 * headers. Calls that need no token (`noauth`) stay, because some lead to a page whose address is secret.
 */
export const config = { matcher: ["/((?!api/(?!noauth/)).*)"] };

export async function proxy(request: NextRequest) {
  return passGate(request);
}
