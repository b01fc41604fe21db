"use client";

import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from "react";
import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { interceptLeaving } from "./leave-interception";

type Report = (id: string, unsaved: { title: string; changes: number } | null) => void;

const LeaveGuardContext = createContext<Report>(() => {});

/** Asks before the page is left while any form inside has unsaved changes. */
export function LeaveGuard({ children }: { children: ReactNode }) {
  const [unsaved, setUnsaved] = useState<ReadonlyMap<string, { title: string; changes: number }>>(new Map());
  const [isAsking, setAsking] = useState(false);
  const leave = useRef(() => {});

  const report = useCallback<Report>((id, entry) => {
    setUnsaved((before) => {
      const after = new Map(before);
      if (entry) after.set(id, entry);
      else after.delete(id);
      return after;
    });
  }, []);

  const isUnsaved = unsaved.size > 0;
  useEffect(() => {
    if (!isUnsaved) return;
    return interceptLeaving((go) => {
      leave.current = go;
      setAsking(true);
    });
  }, [isUnsaved]);

  const parts = [...unsaved.values()].map(
    ({ title, changes }) => `${title}: ${changes === 1 ? "1 unsaved change" : `${changes} unsaved changes`}.`,
  );
  return (
    <LeaveGuardContext value={report}>
      {children}
      <AlertDialog
        open={isAsking}
        onCancel={() => setAsking(false)}
        title="Leave without saving?"
        description={`${parts.join(" ")} They are lost if you leave.`}
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
  const report = useContext(LeaveGuardContext);
  const id = useId();
  const entry = useMemo(() => (changes > 0 ? { title, changes } : null), [title, changes]);
  useEffect(() => {
    report(id, entry);
    return () => report(id, null);
  }, [report, id, entry]);
}
