import type { ReactNode } from "react";

/** Says what is missing where scripts are, which put the forms in their place and save them. */
export default function SettingsLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <p className="mb-6 hidden max-w-3xl rounded bg-warning-wash px-4 py-3 noscript:block">
        Settings are shown and saved by scripts, which this browser does not run. Allow them for this page,
        and load it again.
      </p>
      {children}
    </>
  );
}
