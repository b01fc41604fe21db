import { clsx } from "clsx";
import {
  CircleHelp,
  CircleX,
  Download,
  Eye,
  KeyRound,
  Link2,
  Link2Off,
  Lock,
  LockOpen,
  LogIn,
  LogOut,
  type LucideIcon,
  MailCheck,
  MailPlus,
  MailQuestionMark,
  RefreshCcwDot,
  RotateCcw,
  ShieldX,
  SlidersHorizontal,
  TimerOff,
  Trash2,
  UserCheck,
  UserCog,
  UserPen,
  UserPlus,
  UserX,
} from "lucide-react";
import type { AuditKind } from "@/lib/audit/schema";
import { fromTable } from "./audit-facts";

const icons: Record<AuditKind, LucideIcon> = {
  "login-succeeded": LogIn,
  "login-failed": CircleX,
  "account-locked": Lock,
  "account-unlocked": LockOpen,
  "logged-out": LogOut,
  "sessions-ended": UserX,
  "access-refused": ShieldX,
  "account-created": UserPlus,
  "account-activated": UserCheck,
  "account-disabled": UserX,
  "account-enabled": UserCheck,
  "account-deleted": Trash2,
  "authority-changed": UserCog,
  "link-issued": Link2,
  "link-refused": Link2Off,
  "password-changed": KeyRound,
  "password-reset-forced": RotateCcw,
  "password-reset-requested": MailQuestionMark,
  "profile-changed": UserPen,
  "settings-changed": SlidersHorizontal,
  "signing-key-shown": Eye,
  "signing-key-retired": TimerOff,
  "secret-key-rotated": RefreshCcwDot,
  "audit-exported": Download,
  "test-mail-sent": MailCheck,
  "mail-resent": MailPlus,
};

const tones: Partial<Record<AuditKind, string>> = {
  "login-failed": "text-warning",
  "access-refused": "text-warning",
  "link-refused": "text-warning",
  "account-locked": "text-danger",
};

/** Helps to find a kind in a long list; the sentence beside it says the same. */
export function AuditKindIcon({ kind, className }: { kind: string; className?: string }) {
  const Icon = fromTable(icons, kind) ?? CircleHelp;
  const tone = fromTable(tones, kind) ?? "text-faint";
  return <Icon aria-hidden className={clsx("mt-[3px] size-4", tone, className)} />;
}
