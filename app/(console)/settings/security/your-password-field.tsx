import { Field } from "@/components/ui/field";
import { PasswordInput } from "@/components/ui/password-input";
import { useScrollToError } from "@/components/ui/use-scroll-to-error";

type YourPasswordFieldProps = {
  id: string;
  error: string | null | undefined;
  value: string;
  onChange: (typed: string) => void;
};

/** The administrator's own password, required again before a sensitive action. */
export function YourPasswordField({ id, error, value, onChange }: YourPasswordFieldProps) {
  useScrollToError(id, error);
  return (
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
  );
}
