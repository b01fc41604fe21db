import { contracts } from "@/app/api/contracts";
import type { Contract } from "@/lib/request/contract";
import type { ApiDocument } from "@/lib/request/openapi";
import type { Operation, Parameter } from "@/lib/request/operation";
import { CallDescription } from "./call-description";
import { curlCommand } from "./curl-command";
import type { ShownArea, ShownCall } from "./shown-call";
import type { TriedParameter } from "./trial-parameter";

/** The default warning of a call that deletes. */
const DELETES = "Deleting cannot be undone.";

function triedParameter({ name, in: place, required, schema }: Parameter): TriedParameter {
  const choices = schema.type === "boolean" ? [true, false] : (schema.enum ?? []);
  // An example id or secret would lead to nothing; an example number saves typing.
  const [example] = schema.examples ?? [];
  return {
    name,
    in: place,
    isRequired: required,
    choices: choices.map(String),
    start: required && typeof example === "number" ? String(example) : "",
  };
}

function shownCall(contract: Contract, operation: Operation, origin: string): ShownCall {
  const { method, path, access, warning, body } = contract;
  const { operationId, parameters, requestBody, summary } = operation;
  const media = requestBody?.content["application/json"];
  const query = parameters.filter((parameter) => parameter.in === "query" && parameter.required);
  const search = query.map(
    ({ name, schema }) => `${name}=${encodeURIComponent(String(schema.examples?.[0] ?? ""))}`,
  );
  return {
    summary,
    tried: {
      id: operationId,
      method,
      path,
      access,
      warning: warning ?? (method === "DELETE" ? DELETES : null),
      parameters: parameters.map(triedParameter),
      body: body && media ? JSON.stringify(media.example, null, 2) : null,
    },
    description: (
      <CallDescription
        contract={contract}
        operation={operation}
        command={curlCommand({
          method,
          url: `${origin}${path}${search.length > 0 ? `?${search.join("&")}` : ""}`,
          wantsToken: access !== "anyone",
          body: media && JSON.stringify(media.example),
        })}
      />
    ),
  };
}

/** Returns every call of the document, grouped by area. */
export function shownAreas({ tags, paths, servers }: ApiDocument): ShownArea[] {
  const origin = servers[0]?.url ?? "";
  const calls = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, operation]) => {
      const contract = contracts.find((one) => one.path === path && one.method.toLowerCase() === method);
      return contract ? [{ contract, operation }] : [];
    }),
  );
  return tags.map(({ name, description }) => ({
    id: name.toLowerCase().replaceAll(/\W+/g, "-"),
    name,
    description,
    calls: calls
      .filter(({ operation }) => operation.tags[0] === name)
      .map(({ contract, operation }) => shownCall(contract, operation, origin)),
  }));
}
