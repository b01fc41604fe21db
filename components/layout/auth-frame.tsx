import type { ReactNode, Ref } from "react";
import { Wordmark } from "./mark";

/** The page frame before there is a session (login, activation, expired links and the like): one card under an arch. */
export function AuthFrame({ children }: { children: ReactNode }) {
  return (
    <div className="relative isolate flex min-h-dvh flex-col items-center justify-center overflow-hidden px-4 py-10">
      <div
        aria-hidden
        className="absolute inset-x-0 top-[max(2rem,calc(50%-26rem))] -bottom-px -z-10 mx-auto w-[44rem] max-w-full rounded-t-[22rem] border border-b-0 max-sm:hidden forced-colors:hidden"
      >
        <div className="absolute inset-x-9 top-9 bottom-0 rounded-t-[20rem] border border-b-0 bg-sunken" />
      </div>
      <main className="w-full max-w-[25rem]">
        <Wordmark className="mb-6 w-full justify-center" />
        <div className="rounded border bg-surface p-6 sm:p-8">{children}</div>
      </main>
    </div>
  );
}

type AuthHeadingProps = {
  title: string;
  /**
   * For a title that takes the focus: a screen reader then reads it, and the text with the id `describedBy`. Of a
   * focused box it may read nothing.
   */
  ref?: Ref<HTMLHeadingElement>;
  describedBy?: string;
  children?: ReactNode;
};

/** The card's title, and a sentence about it. */
export function AuthHeading({ title, ref, describedBy = "about-title", children }: AuthHeadingProps) {
  return (
    <header className="mb-6">
      <h1
        {...(ref && { ref, tabIndex: -1, "aria-describedby": describedBy })}
        className="text-xl font-semibold"
      >
        {title}
      </h1>
      {children ? (
        <div id="about-title" className="mt-1.5 text-muted">
          {children}
        </div>
      ) : null}
    </header>
  );
}
