import { type GeneralPolicy, generalPolicyDefaults, generalPolicySchema } from "./general/schema";
import { type JwtSettings, jwtSettingsDefaults, jwtSettingsFields, jwtSettingsSchema } from "./jwt/schema";
import { type MailSettings, mailSettingsDefaults, mailSettingsSchema } from "./mail/schema";
import {
  type PasswordPolicy,
  passwordPolicyDefaults,
  passwordPolicyFields,
  passwordPolicySchema,
} from "./password/schema";

/** The three panels of the security settings, in the order in which they are shown. */
export const panels = ["general", "password", "jwt"] as const;
export type SecurityPanel = (typeof panels)[number];

/** Every panel that is kept in versions; the mail panel has a page of its own. */
export const allPanels = [...panels, "mail"] as const;
export type Panel = (typeof allPanels)[number];

/** The schema of each panel's values, including the rules across several fields. */
export const panelSchemas = {
  general: generalPolicySchema,
  password: passwordPolicySchema,
  jwt: jwtSettingsSchema,
  mail: mailSettingsSchema,
} as const;

/** The schema of each field, without the rules across several fields. */
export const panelFields = {
  general: generalPolicySchema.shape,
  password: passwordPolicyFields.shape,
  jwt: jwtSettingsFields.shape,
  mail: mailSettingsSchema.shape,
} as const;

export type PanelValues = {
  general: GeneralPolicy;
  password: PasswordPolicy;
  jwt: JwtSettings;
  mail: MailSettings;
};

export const panelDefaults: PanelValues = {
  general: generalPolicyDefaults,
  password: passwordPolicyDefaults,
  jwt: jwtSettingsDefaults,
  mail: mailSettingsDefaults,
};
