import { Callout } from "@/components/ui/callout";

/** Why a form's last try failed, read out when it appears. */
export function RefusalNotice({ message, isWaiting }: { message: string | null; isWaiting: boolean }) {
  return (
    <div aria-live="polite">
      {message ? (
        <Callout tone="danger" isWaiting={isWaiting} className="mb-5">
          {message}
        </Callout>
      ) : null}
    </div>
  );
}
