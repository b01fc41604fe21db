/**
 * The names of the checks that failed. One `expect` of Playwright's looks through all before it in its test, so that what
 * is asked of thousands of answers is asked without, and the outcome expected once.
 */
export function failed(checks: Readonly<Record<string, boolean>>): string[] {
  return Object.entries(checks).flatMap(([name, holds]) => (holds ? [] : [name]));
}
