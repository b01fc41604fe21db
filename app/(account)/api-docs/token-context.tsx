"use client";

import { createContext, type ReactNode, use, useMemo, useState } from "react";
import type { HeldToken } from "./held-token";

type TokenHolder = {
  held: HeldToken | null;
  hold: (token: HeldToken) => void;
  forget: () => void;
};

const TokenContext = createContext<TokenHolder | null>(null);

/**
 * Where the page keeps the token that calls are tried with: in its own memory and nowhere else, so that it is gone with
 * the page.
 */
export function TokenProvider({ children }: { children: ReactNode }) {
  const [held, hold] = useState<HeldToken | null>(null);
  const holder = useMemo(() => ({ held, hold, forget: () => hold(null) }), [held]);
  return <TokenContext value={holder}>{children}</TokenContext>;
}

/** The token that trials send, and what changes it. @throws Error outside of a `TokenProvider` */
export function useToken(): TokenHolder {
  const holder = use(TokenContext);
  if (!holder) throw new Error("There is no TokenProvider.");
  return holder;
}
