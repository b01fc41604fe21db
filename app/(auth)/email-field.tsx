import type { ComponentProps } from "react";
import { FieldError } from "@/components/ui/field-error";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { MAX_EMAIL_LENGTH } from "@/lib/core/email/rules";

type EmailFieldProps = Pick<ComponentProps<"input">, "onInvalid" | "onChange"> & {
  defaultValue: string;
  /** What is wrong with the address. A form that says it elsewhere, or to nobody, leaves it out. */
  problem?: string | null;
};

/** The field for the address of one's own account; password managers fill it in. */
export function EmailField({ problem, ...input }: EmailFieldProps) {
  return (
    <div className="grid gap-1.5">
      <Label htmlFor="email">E-mail</Label>
      <div>
        <Input
          id="email"
          name="email"
          type="email"
          inputMode="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          maxLength={MAX_EMAIL_LENGTH}
          aria-describedby={problem === undefined ? undefined : "email-problem"}
          aria-invalid={problem ? true : undefined}
          {...input}
        />
        {problem === undefined ? null : <FieldError id="email-problem" message={problem} />}
      </div>
    </div>
  );
}
