import type { Instrumentation } from "next";

/** Next calls this once, before it handles requests; registers the background work, which begins once the server listens. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs" || process.env.NEXT_PHASE === "phase-production-build") return;
  // All in this function: for the edge runtime, Next's bundler leaves out only what comes after its return.
  const { startExpiryNotices } = await import("@/lib/accounts/expiry-notices/worker");
  const { startLinkRetention } = await import("@/lib/accounts/retention");
  const { startResetRequestWorker } = await import("@/lib/accounts/reset-requests/worker");
  const { noteInstrumented } = await import("@/lib/core/loaded-pages");
  const { startCounterRetention } = await import("@/lib/core/throttle/retention");
  const { startMailRetention } = await import("@/lib/mail/retention");
  const { startMailWorker } = await import("@/lib/mail/worker");
  const { startMobileRetention } = await import("@/lib/mobile/retention");
  const { startPasswordRetention } = await import("@/lib/password/retention");
  const { startSessionRetention } = await import("@/lib/sessions/retention");
  const { startSessionSweep } = await import("@/lib/sessions/sweep");
  startCounterRetention();
  startExpiryNotices();
  startLinkRetention();
  startResetRequestWorker();
  startMailWorker();
  startMailRetention();
  startPasswordRetention();
  startMobileRetention();
  startSessionRetention();
  startSessionSweep();
  noteInstrumented();
}

/** Next calls this when a request fails. The person sees a digest only; the log has the error. */
export const onRequestError: Instrumentation.onRequestError = async (
  error,
  request,
  { routePath, routeType },
) => {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { log } = await import("@/lib/core/log");
  const { REQUEST_ID_HEADER } = await import("@/lib/core/origin");
  const { isUnhandledPost } = await import("@/lib/request/progress");
  const requestId = request.headers[REQUEST_ID_HEADER]?.toString();
  // The form is unreadable, which the sender is told (server/posted-form.ts). The error's message may quote the form.
  if (isUnhandledPost()) {
    log().info({ event: "form-unreadable", requestId, routePath, reason: (error as Error).name });
    return;
  }
  // The person was logged out during a download, which ends there.
  if (((error as Error).cause as Error | undefined)?.name === "Refusal") {
    log().info({ event: "download-cut-off", requestId, routePath });
    return;
  }
  const { name, code, digest } = error as { name?: unknown; code?: unknown; digest?: string };
  // Nothing failed: too many pages of the person's lists wait already, and the person may try again.
  if (name === "Refusal" && code === "overloaded") {
    log().warn({ event: "list-overloaded", requestId, routePath, digest });
    return;
  }
  log().error({
    event: "request-failed",
    requestId,
    method: request.method,
    routePath,
    routeType,
    digest,
    err: error,
  });
};
