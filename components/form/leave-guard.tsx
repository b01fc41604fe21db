"use client";

import {
  createContext,
  type ReactNode,
  useContext,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { counted } from "@/lib/core/count/rules";
import { interceptLeaving } from "./leave-interception";

type Unsaved = { title: string; changes: number };

type Guard = {
  report: (id: string, unsaved: Unsaved | null) => void;
  /** Navigates to another address without asking; the entered values no longer matter. */
  leaveFor: (address: string) => void;
};

const LeaveGuardContext = createContext<Guard>({
  report: () => {},
  leaveFor: (address) => window.location.assign(address),
});

/** Asks for confirmation before the page is left while any form inside it has unsaved changes. */
export function LeaveGuard({ children }: { children: ReactNode }) {
  const [unsaved, setUnsaved] = useState<ReadonlyMap<string, Unsaved | null>>(new Map());
  const [isAsking, setAsking] = useState(false);
  const leave = useRef(() => {});

  const stopIntercepting = useRef(() => {});
  const guard = useMemo<Guard>(
    () => ({
      report(id, entry) {
        // A saved form keeps its entry in the map, so that the dialog names forms in page order.
        setUnsaved((before) => new Map(before).set(id, entry));
      },
      leaveFor(address) {
        stopIntercepting.current();
        window.location.assign(address);
      },
    }),
    [],
  );

  const entries = [...unsaved.values()].filter((entry) => entry !== null);
  const isUnsaved = entries.length > 0;
  // A save that was under way has been done: there is nothing left to ask about.
  if (isAsking && !isUnsaved) setAsking(false);
  // Both effects of this file take place before the page is drawn. Whoever has just read that it is saved, and leaves at
  // once, would otherwise be asked.
  useLayoutEffect(() => {
    if (!isUnsaved) return;
    stopIntercepting.current = interceptLeaving((go) => {
      leave.current = go;
      setAsking(true);
    });
    return () => stopIntercepting.current();
  }, [isUnsaved]);

  const parts = entries.map(({ title, changes }) => `${title}: ${counted(changes, "unsaved change")}.`);
  return (
    <LeaveGuardContext value={guard}>
      {children}
      <AlertDialog
        open={isAsking}
        onCancel={() => setAsking(false)}
        title="Leave without saving?"
        description={`${parts.join(" ")} Unsaved changes are lost if you leave.`}
        footer={
          <>
            <Button onClick={() => setAsking(false)}>Stay</Button>
            <Button
              variant="danger"
              onClick={() => {
                setAsking(false);
                leave.current();
              }}
            >
              Leave without saving
            </Button>
          </>
        }
      />
    </LeaveGuardContext>
  );
}

/** Reports to the surrounding guard how many unsaved changes a form has. */
export function useUnsavedChanges(title: string, changes: number) {
  const { report } = useContext(LeaveGuardContext);
  const id = useId();
  const entry = useMemo(() => (changes > 0 ? { title, changes } : null), [title, changes]);
  useLayoutEffect(() => {
    report(id, entry);
    return () => report(id, null);
  }, [report, id, entry]);
}

/** Returns the surrounding guard, for code that must leave the page without asking. */
export function useLeaveGuard(): Guard {
  return useContext(LeaveGuardContext);
}
