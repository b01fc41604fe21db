// Replaces `server-only`, which throws outside of Next.
export {};
