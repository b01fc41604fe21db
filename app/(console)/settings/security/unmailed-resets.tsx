import { Callout } from "@/components/ui/callout";
import { TextLink } from "@/components/ui/text-link";

/** Warns that a policy that requires resets by e-mail locks people out while no e-mail can be sent. */
export function UnmailedResets() {
  return (
    <Callout tone="danger" title="Reset links cannot be mailed">
      <span>
        “Force to reset password if not valid” is on, and no mail server is set up. Anyone whose password
        breaks the rules, administrators included, cannot log in until there is one, or until somebody gives
        them a copied link.
      </span>{" "}
      <TextLink href="/settings/mail" className="underline">
        Set up a mail server
      </TextLink>
    </Callout>
  );
}
