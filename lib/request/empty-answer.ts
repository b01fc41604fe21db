/**
 * In which a route tells the HTTP front that its answer has no content; no client sees it. Next drops the length that a
 * route names, and begins every answer as a stream of chunks.
 */
export const EMPTY_HEADER = "x-gatehouse-empty";
