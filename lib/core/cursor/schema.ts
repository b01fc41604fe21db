import { z } from "zod";

const cursorOf = (id: string) =>
  z
    .string()
    .regex(new RegExp(`^\\d{1,14}-${id}$`))
    .optional()
    .catch(undefined);

/** Where a page of rows with UUIDs begins: the cursor of the last row before it. What is none begins with the first. */
export const uuidCursorSchema = cursorOf("[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}");

/** The same for rows that are numbered. */
export const numberCursorSchema = cursorOf("\\d{1,18}");
