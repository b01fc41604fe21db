import type { Metadata } from "next";
import { mailKindLabels } from "@/app/(console)/mail/mail-kinds";
import { PageHeader } from "@/components/layout/page-header";
import { mailKinds } from "@/lib/mail/schema";
import { MARK_CID, markDataUrl } from "@/lib/mail/templates/mark";
import { renderLetter } from "@/lib/mail/templates/render";
import { sampleValues } from "@/lib/mail/templates/samples";
import { requirePageAdministrator } from "@/lib/request/page";

export const metadata: Metadata = { title: "Mail preview" };

const frame = { baseUrl: "http://localhost:3000" };

/** Every mail with sample values. Only the development server serves `*.dev.tsx`; a build leaves it out. */
export default async function MailPreviewPage() {
  await requirePageAdministrator();
  const samples = sampleValues(new Date());
  return (
    <>
      <PageHeader
        title="Mail preview"
        description="Every mail with sample values, at two widths and as text. Follows the theme chosen above."
      />
      <div className="grid gap-12">
        {mailKinds.map((kind) => {
          const { subject, html, text } = renderLetter(kind, samples[kind], frame);
          const shown = html.replaceAll(`cid:${MARK_CID}`, markDataUrl);
          const title = `${mailKindLabels[kind]}, as HTML`;
          return (
            <section key={kind} id={kind}>
              <h2 className="text-lg font-semibold">{subject}</h2>
              <p className="mb-3 text-sm text-muted">
                {mailKindLabels[kind]} · <span className="figures">{kind}</span>
              </p>
              <div className="flex flex-wrap items-start gap-4">
                <iframe title={title} srcDoc={shown} sandbox="" className="h-180 w-160 max-w-full border" />
                <iframe
                  title={`${title}, at 320 px`}
                  srcDoc={shown}
                  sandbox=""
                  className="h-180 w-80 border"
                />
                <pre className="figures h-180 max-w-full overflow-auto border p-4 text-xs whitespace-pre">
                  {text}
                </pre>
              </div>
            </section>
          );
        })}
      </div>
    </>
  );
}
