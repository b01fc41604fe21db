/**
 * The header in which a route tells the HTTP front that its answer has no content, so that the front sends a length of
 * 0; no client sees the header. Next drops a length that a route sets, and streams every answer in chunks.
 */
export const EMPTY_HEADER = "x-gatehouse-empty";
