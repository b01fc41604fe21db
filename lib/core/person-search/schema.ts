import { searchTextSchema } from "../text-search/schema";

/** Any part of somebody's address or name. */
export const personSearchSchema = searchTextSchema(100);
