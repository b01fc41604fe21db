"use client";

import { createContext, type ReactNode, use, useMemo, useState } from "react";
import type { HeldToken } from "./held-token";

type TokenHolder = {
  held: HeldToken | null;
  hold: (token: HeldToken) => void;
  forget: () => void;
};

const TokenContext = createContext<TokenHolder | null>(null);

/** Holds the token for trial calls, only in the page's memory, so that it is gone once the page is left. */
export function TokenProvider({ children }: { children: ReactNode }) {
  const [held, hold] = useState<HeldToken | null>(null);
  const holder = useMemo(() => ({ held, hold, forget: () => hold(null) }), [held]);
  return <TokenContext value={holder}>{children}</TokenContext>;
}

/** Returns the token for trial calls and the functions that change it. @throws Error outside of a `TokenProvider` */
export function useToken(): TokenHolder {
  const holder = use(TokenContext);
  if (!holder) throw new Error("There is no TokenProvider.");
  return holder;
}
