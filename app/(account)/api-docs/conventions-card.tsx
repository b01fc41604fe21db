import { conventions } from "@/app/api/conventions";
import { Card, CardBody, CardHeader } from "@/components/ui/card";

/** Text in which parts in backticks are rendered as code. */
function Marked({ text }: { text: string }) {
  return [...text.matchAll(/`([^`]+)`|[^`]+/g)].map(({ 0: plain, 1: code, index: offset }) =>
    code === undefined ? (
      plain
    ) : (
      <code key={offset} className="figures text-ink [overflow-wrap:anywhere]">
        {code}
      </code>
    ),
  );
}

/** The conventions of all calls, with which the OpenAPI document begins too. */
export function ConventionsCard({ id, title }: { id: string; title: string }) {
  return (
    <Card id={id}>
      <CardHeader id={id} title={title} description="What every client needs to know." />
      <CardBody className="grid gap-5">
        {conventions.map(({ title: heading, text, points = [] }) => (
          <div key={heading}>
            <h3 className="mb-1 font-semibold">{heading}</h3>
            <p className="text-muted">
              <Marked text={text} />
            </p>
            {points.length > 0 ? (
              <ul className="mt-2 list-disc space-y-1 pl-5 text-muted">
                {points.map((point) => (
                  <li key={point}>
                    <Marked text={point} />
                  </li>
                ))}
              </ul>
            ) : null}
          </div>
        ))}
      </CardBody>
    </Card>
  );
}
