import { use } from "react";
import { UsernameField } from "@/components/password/username-field";
import { controlId, Field } from "@/components/ui/field";
import { PasswordInput } from "@/components/ui/password-input";
import { useScrollToError } from "@/components/ui/use-scroll-to-error";
import { YourAddress } from "./your-address";

type YourPasswordFieldProps = {
  id: string;
  error: string | null | undefined;
  value: string;
  onChange: (typed: string) => void;
};

/**
 * The administrator's own password, required again before a sensitive action. With the address that belongs to it:
 * password managers would otherwise take the confirming word of the same form for it.
 */
export function YourPasswordField({ id, error, value, onChange }: YourPasswordFieldProps) {
  useScrollToError(id, error);
  return (
    <>
      <UsernameField address={use(YourAddress)} />
      <Field id={id} layout="stack" label="Your password" error={error}>
        {(control) => (
          <PasswordInput
            {...control}
            autoComplete="current-password"
            aria-required
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </Field>
    </>
  );
}

/** Moves the focus to the field after its password was refused, and selects that one, so that typing replaces it. */
export function askAgain(id: string): void {
  const field = document.getElementById(controlId(id));
  field?.focus();
  if (field instanceof HTMLInputElement) field.select();
}
