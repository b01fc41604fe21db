import { MAX_PERSON_SEARCH_LENGTH } from "../limits";
import { searchTextSchema } from "../text-search/schema";

/** Any part of somebody's address or name. */
export const personSearchSchema = searchTextSchema(MAX_PERSON_SEARCH_LENGTH);
