/** Next calls this once, before it answers: what runs beside the requests begins here. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs" || process.env.NEXT_PHASE === "phase-production-build") return;
  const { startExpiryNotices } = await import("@/lib/accounts/expiry-notices/worker");
  const { startResetRequestWorker } = await import("@/lib/accounts/reset-requests/worker");
  const { startMailWorker } = await import("@/lib/mail/worker");
  startExpiryNotices();
  startResetRequestWorker();
  startMailWorker();
}
