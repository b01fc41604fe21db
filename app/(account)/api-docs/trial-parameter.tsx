"use client";

import { useState } from "react";
import { withoutBubble } from "@/components/form/without-bubble";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";

/** The parts of a parameter that are needed to fill it in. */
export type TriedParameter = {
  name: string;
  in: "path" | "query";
  isRequired: boolean;
  /** The allowed values; empty if any text can be typed. */
  choices: string[];
  /** The initial value. */
  start: string;
};

/**
 * The control of a parameter. Only a missing path parameter prevents sending: other mistakes are for the server to
 * refuse.
 */
export function TrialParameter({ id, parameter }: { id: string; parameter: TriedParameter }) {
  const { name, in: place, isRequired, choices, start } = parameter;
  const [isMissing, setMissing] = useState(false);
  return (
    <Field
      id={id}
      label={isRequired ? name : `${name} (optional)`}
      error={isMissing ? "Enter a value: the path needs it." : null}
      layout="stack"
    >
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
            onInvalid={(event) => {
              withoutBubble(event);
              setMissing(true);
            }}
            onChange={() => setMissing(false)}
            autoCapitalize="none"
            spellCheck={false}
            className="figures"
          />
        )
      }
    </Field>
  );
}
