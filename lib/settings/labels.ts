import { generalLabels, generalTitle } from "./general/schema";
import { jwtLabels, jwtTitle } from "./jwt/schema";
import { mailLabels, mailTitle } from "./mail/schema";
import { passwordLabels, passwordTitle } from "./password/schema";
import type { Panel, PanelValues } from "./schema";

/** The titles of the panels. */
export const panelLabels: Record<Panel, string> = {
  general: generalTitle,
  password: passwordTitle,
  jwt: jwtTitle,
  mail: mailTitle,
};

/** The label of each field, in the panel's order, including fields that are not stored among the panel's values. */
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
