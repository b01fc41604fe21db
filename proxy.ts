import type { NextRequest } from "next/server";
import { passGate } from "@/lib/request/gate";

export async function proxy(request: NextRequest) {
  return passGate(request);
}
