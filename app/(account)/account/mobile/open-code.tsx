import { CopyButton } from "@/components/ui/copy-button";
import { Countdown } from "./countdown";
import type { ShownCode } from "./mobile-state";
import { QrImage } from "./qr-image";

/** A code that works: to be scanned, or copied by hand. */
export function OpenCode({ code, secondsLeft }: { code: ShownCode; secondsLeft: number }) {
  const { secret, link, qr, expiresAt, remainingMs } = code;
  return (
    <div className="grid gap-x-8 gap-y-6 sm:grid-cols-[minmax(0,18rem)_minmax(0,1fr)]">
      <div className="max-sm:mx-auto max-sm:w-full max-sm:max-w-72">
        <QrImage qr={qr} />
      </div>
      <div className="grid content-start gap-6">
        <Countdown
          secondsLeft={secondsLeft}
          ofSeconds={Math.ceil(remainingMs / 1000)}
          expiresAt={expiresAt}
        />
        <p className="text-muted">
          Open the mobile app, choose to log in with a QR code, and point the device here.
        </p>
        <div>
          <h3 className="font-medium">Secret</h3>
          <p className="mt-0.5 text-sm text-muted">For an app that cannot scan.</p>
          <code className="figures mt-2 block rounded bg-canvas px-3 py-2 break-all select-all">
            {secret}
          </code>
          <div className="mt-3 flex flex-wrap gap-2 noscript:hidden">
            <CopyButton text={secret} label="Copy secret" />
            <CopyButton text={link} label="Copy link" isTextHidden />
          </div>
        </div>
      </div>
    </div>
  );
}
