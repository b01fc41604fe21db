/** What `Dialog` and `AlertDialog` look like alike. */
export const dialogOverlay = "fixed inset-0 z-40 animate-appear bg-scrim";
export const dialogPanel =
  "fixed inset-x-4 bottom-4 z-50 mx-auto flex max-h-[calc(100dvh-2rem)] animate-rise flex-col rounded bg-raised shadow-float sm:top-1/2 sm:bottom-auto sm:-translate-y-1/2 forced-colors:border";
export const dialogBody = "min-h-0 flex-1 overflow-y-auto p-5 sm:p-6";
export const dialogFooter =
  "flex flex-col-reverse gap-2 border-t px-5 py-4 sm:flex-row sm:justify-end sm:px-6";
