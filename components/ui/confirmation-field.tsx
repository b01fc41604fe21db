import { Field } from "./field";
import { Input } from "./input";
import { useScrollToError } from "./use-scroll-to-error";

type ConfirmationFieldProps = {
  id: string;
  /** The text to type, as the label shows it. */
  wanted: string;
  type?: "text" | "email";
  error: string | null | undefined;
  value: string;
  onChange: (typed: string) => void;
};

/** A field that asks for a text to confirm an action that cannot be undone. */
export function ConfirmationField({ id, wanted, type, error, value, onChange }: ConfirmationFieldProps) {
  useScrollToError(id, error);
  return (
    <Field id={id} layout="stack" label={`Type ${wanted} to confirm`} error={error}>
      {(tie) => (
        <Input
          {...tie}
          type={type}
          aria-required
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
