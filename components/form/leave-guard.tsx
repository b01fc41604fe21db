"use client";

import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useId,
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
  /** Leaves for another address without asking: what was entered no longer matters. */
  leaveFor: (address: string) => void;
};

const LeaveGuardContext = createContext<Guard>({
  report: () => {},
  leaveFor: (address) => window.location.assign(address),
});

/** Asks before the page is left while any form inside has unsaved changes. */
export function LeaveGuard({ children }: { children: ReactNode }) {
  const [unsaved, setUnsaved] = useState<ReadonlyMap<string, Unsaved | null>>(new Map());
  const [isAsking, setAsking] = useState(false);
  const leave = useRef(() => {});

  const standDown = useRef(() => {});
  const guard = useMemo<Guard>(
    () => ({
      report(id, entry) {
        // A form keeps its place when it is saved, so that the forms are named in the order of the page.
        setUnsaved((before) => new Map(before).set(id, entry));
      },
      leaveFor(address) {
        standDown.current();
        window.location.assign(address);
      },
    }),
    [],
  );

  const entries = [...unsaved.values()].filter((entry) => entry !== null);
  const isUnsaved = entries.length > 0;
  useEffect(() => {
    if (!isUnsaved) return;
    standDown.current = interceptLeaving((go) => {
      leave.current = go;
      setAsking(true);
    });
    return () => standDown.current();
  }, [isUnsaved]);

  const parts = entries.map(({ title, changes }) => `${title}: ${counted(changes, "unsaved change")}.`);
  return (
    <LeaveGuardContext value={guard}>
      {children}
      <AlertDialog
        open={isAsking}
        onCancel={() => setAsking(false)}
        title="Leave without saving?"
        description={`${parts.join(" ")} What is unsaved is lost if you leave.`}
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

/** Tells the guard around the page how much of a form is unsaved. */
export function useUnsavedChanges(title: string, changes: number) {
  const { report } = useContext(LeaveGuardContext);
  const id = useId();
  const entry = useMemo(() => (changes > 0 ? { title, changes } : null), [title, changes]);
  useEffect(() => {
    report(id, entry);
    return () => report(id, null);
  }, [report, id, entry]);
}

/** The guard around the page, for whoever must leave it without asking. */
export function useLeaveGuard(): Guard {
  return useContext(LeaveGuardContext);
}
