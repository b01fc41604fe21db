/** Next calls this once, before it answers: what runs beside the requests begins here. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs" || process.env.NEXT_PHASE === "phase-production-build") return;
  const { startResetRequestWorker } = await import("@/lib/accounts/reset-requests/worker");
  const { startMailWorker } = await import("@/lib/mail/worker");
  startResetRequestWorker();
  startMailWorker();
}
