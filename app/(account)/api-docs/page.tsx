import type { Metadata } from "next";
import { apiDocument } from "@/app/api/document";
import { PageHeader } from "@/components/layout/page-header";
import { PageSections } from "@/components/layout/page-sections";
import { buttonStyles } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { env } from "@/lib/core/env";
import { requirePagePerson } from "@/lib/request/page";
import { CallBrowser } from "./call-browser";
import { ConventionsCard } from "./conventions-card";
import { FieldList } from "./field-list";
import { fieldWords } from "./schema-fields";
import { shownAreas } from "./shown-areas";
import { TokenCard } from "./token-card";
import { TokenProvider } from "./token-context";

export const metadata: Metadata = { title: "API" };

export default async function ApiDocsPage() {
  const { email } = await requirePagePerson();
  const document = apiDocument(env().BASE_URL);
  const areas = shownAreas(document);
  const sections = [
    { id: "token", label: "Token" },
    ...areas.map(({ id, name }) => ({ id, label: name })),
    { id: "every-call", label: "Conventions" },
    { id: "errors", label: "Errors" },
  ];
  return (
    <>
      <PageHeader
        title="API"
        description="Every REST call with its parameters and responses. You can try each one here."
        actions={
          <a href="/api/openapi.json" className={buttonStyles()}>
            OpenAPI document
          </a>
        }
      />
      <TokenProvider>
        <PageSections sections={sections}>
          <TokenCard email={email} />
          <CallBrowser areas={areas} />
          <ConventionsCard id="every-call" title="Conventions" />
          <Card id="errors">
            <CardHeader
              id="errors"
              title="Errors"
              description="Every call that fails returns its HTTP status and this body."
            />
            <CardBody>
              <FieldList fields={fieldWords(document.components.schemas.Error)} isAnswer />
            </CardBody>
          </Card>
        </PageSections>
      </TokenProvider>
    </>
  );
}
