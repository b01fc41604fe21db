import { MAX_PERSON_SEARCH_LENGTH } from "../limits";
import { searchTextSchema } from "../text-search/schema";

/** A search text for people: any part of an e-mail address or a name. */
export const personSearchSchema = searchTextSchema(MAX_PERSON_SEARCH_LENGTH);
