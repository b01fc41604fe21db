import type { FieldWords } from "./schema-fields";

type FieldListProps = {
  fields: FieldWords[];
  /** Whether they are told and not asked for: then what is missing is worth a word, not what must be there. */
  isAnswer?: boolean;
};

/** Fields with what they are, and whether they must be there. */
export function FieldList({ fields, isAnswer = false }: FieldListProps) {
  return (
    <ul className="divide-y divide-line border-y">
      {fields.map(({ name, kind, isRequired, description }) => (
        <li key={name} className="py-2">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <code className="figures font-medium [overflow-wrap:anywhere]">{name}</code>
            <span className="text-sm text-muted">{kind}</span>
            {isRequired && !isAnswer ? (
              <span className="text-sm font-medium text-accent">required</span>
            ) : null}
            {!isRequired && isAnswer ? <span className="text-sm text-muted">not always there</span> : null}
          </p>
          {description ? <p className="text-sm text-muted">{description}</p> : null}
        </li>
      ))}
    </ul>
  );
}
