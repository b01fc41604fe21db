import type { FieldWords } from "./schema-fields";

type FieldListProps = {
  fields: FieldWords[];
  /** Whether the fields belong to a response: the list then marks optional fields instead of required ones. */
  isAnswer?: boolean;
};

/** A list of fields with their types, and whether they are required or always present. */
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
            {!isRequired && isAnswer ? <span className="text-sm text-muted">not always present</span> : null}
          </p>
          {description ? <p className="text-sm text-muted">{description}</p> : null}
        </li>
      ))}
    </ul>
  );
}
