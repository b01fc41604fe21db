import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { MAX_EMAIL_LENGTH } from "@/lib/core/limits";

/** The field for the address of one's own account; password managers fill it in. */
export function EmailField({ defaultValue }: { defaultValue: string }) {
  return (
    <div className="grid gap-1.5">
      <Label htmlFor="email">E-mail</Label>
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
        defaultValue={defaultValue}
      />
    </div>
  );
}
