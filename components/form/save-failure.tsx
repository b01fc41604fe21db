import { Callout } from "@/components/ui/callout";
import { TextLink } from "@/components/ui/text-link";
import { failureWords } from "./failure-words";
import type { SaveFailure } from "./save-answer";

/** Says why a save failed and what to do. Announced at once. */
export function SaveFailureNotice({ failure }: { failure: SaveFailure }) {
  const { title, text, offersLogin, requestId } = failureWords(failure);
  return (
    <div role="alert">
      <Callout tone="danger" title={title}>
        {text}
        {offersLogin ? (
          <TextLink href="/login" target="_blank" rel="noopener" className="mt-1 block w-fit underline">
            Log in in a new tab
          </TextLink>
        ) : null}
        {requestId ? (
          <span className="mt-1 block">
            Request <span className="figures text-ink select-all">{requestId}</span>
          </span>
        ) : null}
      </Callout>
    </div>
  );
}
