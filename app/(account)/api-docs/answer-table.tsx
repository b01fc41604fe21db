import type { Answer } from "@/lib/request/operation";
import { FieldList } from "./field-list";
import { fieldWords, kindWords } from "./schema-fields";

type AnswerTableProps = { responses: Record<string, Answer>; label: string };

/** The responses of a call: first success, with its fields, then the errors by status and error code. */
export function AnswerTable({ responses, label }: AnswerTableProps) {
  const all = Object.entries(responses);
  const good = all.filter(([status]) => Number(status) < 400);
  const failed = all.filter(([status]) => Number(status) >= 400);
  return (
    <div className="grid gap-4">
      {good.map(([status, answer]) => (
        <Good key={status} status={status} answer={answer} />
      ))}
      <table className="w-full border-collapse text-left text-sm" aria-label={label}>
        <thead className="text-muted">
          <tr>
            <th scope="col" className="border-b py-1 pr-4 font-medium">
              Status
            </th>
            <th scope="col" className="border-b py-1 pr-4 font-medium">
              errorCode
            </th>
            <th scope="col" className="border-b py-1 font-medium">
              Reason
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {failed.flatMap(([status, { description }]) =>
            description.split("\n").map((line) => {
              const [code = "", ...why] = line.split(": ");
              return (
                <tr key={`${status} ${line}`}>
                  <td className="figures py-1 pr-4 align-top">{status}</td>
                  <td className="figures py-1 pr-4 align-top">{code}</td>
                  <td className="py-1 text-muted">{why.join(": ")}</td>
                </tr>
              );
            }),
          )}
        </tbody>
      </table>
    </div>
  );
}

function Good({ status, answer: { description, content, headers } }: { status: string; answer: Answer }) {
  const [type, media] = Object.entries(content ?? {})[0] ?? [];
  const fields = media ? fieldWords(media.schema) : [];
  const whole = media && fields.length === 0 ? `${kindWords(media.schema)}, as ${type}` : null;
  return (
    <div>
      <p className="mb-1.5">
        <span className="figures font-medium">{status}</span>{" "}
        <span className="text-muted">{whole ? `${description} The body is ${whole}.` : description}</span>
      </p>
      {Object.entries(headers ?? {}).map(([name, { description: about }]) => (
        <p key={name} className="text-sm text-muted">
          <code className="figures text-ink">{name}</code>
          {` ${about}`}
        </p>
      ))}
      {fields.length > 0 ? <FieldList fields={fields} isAnswer /> : null}
    </div>
  );
}
