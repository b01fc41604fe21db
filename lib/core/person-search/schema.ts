import { searchTextSchema } from "../text-search/schema";
import { MAX_PERSON_SEARCH_LENGTH } from "./rules";

/** A search text for people: any part of an e-mail address or a name. */
export const personSearchSchema = searchTextSchema(MAX_PERSON_SEARCH_LENGTH);
