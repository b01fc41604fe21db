import type { ReactNode } from "react";
import { Callout } from "@/components/ui/callout";
import { CopyButton } from "@/components/ui/copy-button";
import { TextLink } from "@/components/ui/text-link";
import type { Contract } from "@/lib/request/contract";
import { whoMay } from "@/lib/request/openapi";
import type { Operation } from "@/lib/request/operation";
import { AnswerTable } from "./answer-table";
import { CodeBlock } from "./code-block";
import { FieldList } from "./field-list";
import { fieldWords, kindWords } from "./schema-fields";

type CallDescriptionProps = {
  contract: Contract;
  operation: Operation;
  /** The call as a shell command. */
  command: string;
};

/** The reference of a call: access, parameters, body, responses and a shell command. */
export function CallDescription({ contract, operation, command }: CallDescriptionProps) {
  const { method, path, access, warning } = contract;
  const { operationId, parameters, requestBody } = operation;
  const body = requestBody?.content["application/json"]?.schema;
  return (
    <>
      <p className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span>{whoMay[access]}</span>
        <TextLink href={`#${operationId}`} className="text-sm">
          Link to this call
        </TextLink>
      </p>
      {warning ? <Callout tone="warning">{warning}</Callout> : null}
      {parameters.length > 0 ? (
        <Part title="Parameters">
          <FieldList
            fields={parameters.map(({ name, in: place, required, description: about, schema }) => ({
              name,
              kind: `${kindWords(schema)}, in the ${place}`,
              isRequired: required,
              description: about,
            }))}
          />
        </Part>
      ) : null}
      {body ? (
        <Part title="Body">
          <FieldList fields={fieldWords(body)} />
        </Part>
      ) : null}
      <Part title="Responses">
        <AnswerTable responses={operation.responses} label={`Responses to ${method} ${path}`} />
      </Part>
      <Part title="In a shell">
        <div className="grid justify-items-start gap-2">
          <CodeBlock label={`The command for ${method} ${path}`} text={command} className="w-full" />
          <CopyButton text={command} label="Copy command" />
        </div>
      </Part>
    </>
  );
}

/** A section of a call's reference, under a small heading. */
function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <h4 className="mb-2 font-semibold">{title}</h4>
      {children}
    </div>
  );
}
