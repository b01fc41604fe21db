import { Callout } from "@/components/ui/callout";
import { TextLink } from "@/components/ui/text-link";
import { Time } from "@/components/ui/time";
import type { CodePhase, StoredCode } from "./code-phase";

/** How many seconds before its end a code's expiry is announced. */
const SOON = 30;

/** Returns the announcement for screen readers: one for each phase of a code, and not every second. */
export function announcement(phase: CodePhase, secondsLeft: number): string {
  switch (phase) {
    case "open":
      return secondsLeft <= SOON
        ? "The code works for another 30 seconds."
        : "The code is shown. It works for two minutes.";
    case "used":
      return "A device has logged in.";
    case "expired":
      return "The code has expired.";
    case "replaced":
      return "A newer code has replaced this one.";
    default:
      return "";
  }
}

/** Shown in place of a code: why there is none, and what to do. */
export function EndedCode({ phase, stored }: { phase: CodePhase; stored: StoredCode | null }) {
  switch (phase) {
    case "used":
      return (
        <Callout tone="done" title="A device logged in">
          It is listed in <TextLink href="/account#sessions">your sessions</TextLink>. If it is not yours, end
          it there and change your password. Another device needs a new code.
        </Callout>
      );
    case "expired":
      return (
        <Callout tone="info" title="The code has expired">
          It no longer works. Make a new one when your device is ready.
        </Callout>
      );
    case "replaced":
      return (
        <Callout tone="info" title="A newer code has replaced this one">
          You made one in another window, or a program made one for you. Only the newest works.
        </Callout>
      );
    case "elsewhere":
      return (
        <Callout tone="info" title="A code is already open">
          It works until {stored ? <Time iso={stored.expiresAt} precision="second" /> : null}. A code is shown
          only once; a new one replaces it.
        </Callout>
      );
    default:
      return (
        <ol className="list-decimal space-y-2 pl-5 text-muted">
          <li>Open the mobile app on your device, and choose to log in with a QR code.</li>
          <li>When the device is ready, press “Show code” here.</li>
          <li>Point the device at the code. It is then logged in as you, and listed in your sessions.</li>
        </ol>
      );
  }
}
