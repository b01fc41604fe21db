import { generalLabels, generalTitle } from "./general/schema";
import { jwtLabels, jwtTitle } from "./jwt/schema";
import { mailLabels, mailTitle } from "./mail/schema";
import { passwordLabels, passwordTitle } from "./password/schema";
import type { Panel, PanelValues } from "./schema";

/** What the panels are called. */
export const panelLabels: Record<Panel, string> = {
  general: generalTitle,
  password: passwordTitle,
  jwt: jwtTitle,
  mail: mailTitle,
};

/** What each field is called, in the panel's order; also those that are fields of their panel, but no stored values of it. */
export const fieldLabels = {
  general: generalLabels,
  password: passwordLabels,
  jwt: jwtLabels,
  mail: mailLabels,
} as const satisfies {
  general: Record<keyof PanelValues["general"], string>;
  password: Record<keyof PanelValues["password"], string>;
  jwt: Record<keyof PanelValues["jwt"] | "tokenSigningKey", string>;
  mail: Record<keyof PanelValues["mail"] | "password", string>;
};
