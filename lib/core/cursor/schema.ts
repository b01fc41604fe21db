import { z } from "zod/mini";
import { ifValid } from "../query-parameter/schema";

/**
 * The keyset cursor of a page of rows whose ids match a pattern. An invalid cursor is ignored, so the list begins with
 * its first page.
 */
export const cursorSchemaOf = (id: string) =>
  ifValid(z.string().check(z.regex(new RegExp(`^\\d{1,14}-${id}$`))));

/** The keyset cursor of a page of rows with UUIDs: the cursor of the last row before it. */
export const uuidCursorSchema = cursorSchemaOf("[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}");

/** The same for rows with numeric ids. */
export const numberCursorSchema = cursorSchemaOf("\\d{1,18}");
