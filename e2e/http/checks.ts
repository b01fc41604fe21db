/**
 * Returns the names of the checks that failed. Each `expect` of Playwright searches all earlier ones of its test, which
 * is slow for thousands of answers; so their checks run without it, and one `expect` takes the outcome.
 */
export function failedChecks(checks: Readonly<Record<string, boolean>>): string[] {
  return Object.entries(checks).flatMap(([name, holds]) => (holds ? [] : [name]));
}
