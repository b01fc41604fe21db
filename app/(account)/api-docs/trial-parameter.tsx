import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";

/** A parameter, as far as one needs to know it for filling it in. */
export type TriedParameter = {
  name: string;
  in: "path" | "query";
  isRequired: boolean;
  /** What may be chosen; empty where anything may be typed. */
  choices: string[];
  /** What stands there to begin with. */
  start: string;
};

/** The control of a parameter. Only what is missing from the path keeps a call from being sent. */
export function TrialParameter({ id, parameter }: { id: string; parameter: TriedParameter }) {
  const { name, in: place, isRequired, choices, start } = parameter;
  return (
    <Field id={id} label={isRequired ? name : `${name} (optional)`} layout="stack">
      {(control) =>
        choices.length > 0 ? (
          <Select {...control} name={name} defaultValue={start}>
            <option value="">Not sent</option>
            {choices.map((choice) => (
              <option key={choice}>{choice}</option>
            ))}
          </Select>
        ) : (
          <Input
            {...control}
            name={name}
            defaultValue={start}
            required={place === "path"}
            autoCapitalize="none"
            spellCheck={false}
            className="figures"
          />
        )
      }
    </Field>
  );
}
