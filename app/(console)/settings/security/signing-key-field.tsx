"use client";

import { clsx } from "clsx";
import { type ComponentType, useEffect, useRef, useState } from "react";
import { loadPart } from "@/components/form/ask-server";
import { failureWords } from "@/components/form/failure-words";
import { usePanel } from "@/components/form/panel-context";
import { helpText } from "@/components/form/panel-spec";
import { unanswered } from "@/components/form/unanswered";
import { useFieldError } from "@/components/form/use-field-error";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { FieldError } from "@/components/ui/field-error";
import { Input } from "@/components/ui/input";
import { Textarea } from "@/components/ui/textarea";
import { counted } from "@/lib/core/count/rules";
import type { KeySummary } from "@/lib/tokens/key-ring";
import { base64ByteLength } from "@/lib/tokens/schema";
import { generateKey } from "./actions";
import { jwtSpec } from "./jwt-spec";
import { KeyFacts } from "./key-facts";
import type { ShowKeyDialogProps } from "./show-key-dialog";

const name = "tokenSigningKey";
const MASK = "•".repeat(24);

/**
 * The signing key: the stored key, masked, with the facts that may be shown; or a new key, which stays in the browser
 * until Save.
 */
export function SigningKeyField({ stored, readAt }: { stored: KeySummary; readAt: Date }) {
  const { text: texts, changed, setField } = usePanel();
  const [isEntering, setEntering] = useState(false);
  const [Dialog, setDialog] = useState<ComponentType<ShowKeyDialogProps> | null>(null);
  const [isGenerating, setGenerating] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const textarea = useRef<HTMLTextAreaElement>(null);
  const text = String(texts[name]);
  const error = useFieldError(name);
  const isNew = text !== "" || isEntering;
  const bytes = base64ByteLength(text.trim());

  // Undo empties the field while the focus is elsewhere; a user who clears it to paste another key still has the focus
  // in it.
  useEffect(() => {
    if (text === "" && document.activeElement !== textarea.current) setEntering(false);
  }, [text]);

  async function generate() {
    const before = text;
    setGenerating(true);
    setFailure(null);
    const answer = await generateKey(undefined).catch(unanswered);
    setGenerating(false);
    // A key that was pasted meanwhile stays.
    if ((textarea.current?.value ?? "") !== before) return;
    if ("key" in answer) setField(name, answer.key);
    else if (answer.code === "invalid") setFailure("No key was generated. Try again.");
    else setFailure(`No key was generated. ${failureWords(answer).title}.`);
  }

  async function show() {
    setFailure(null);
    const loaded = await loadPart(() => import("./show-key-dialog"));
    if (!loaded)
      return setFailure(
        "The key was not shown. Gatehouse cannot be reached; if this continues, reload the page.",
      );
    setDialog(() => loaded.ShowKeyDialog);
  }

  function enter() {
    setEntering(true);
    // Once the textarea is rendered.
    requestAnimationFrame(() => textarea.current?.focus());
  }

  function keepStored() {
    setEntering(false);
    setField(name, "");
  }

  return (
    <Field
      id={name}
      label={jwtSpec[name].label}
      help={`${helpText(jwtSpec[name], null, undefined)} Saving a new one asks what happens to the people who are logged in.`}
      isUnsaved={changed.includes(name)}
    >
      {(control) => (
        <>
          {isNew ? (
            <Textarea
              {...control}
              aria-describedby={`${name}-new ${control["aria-describedby"]} ${name}-problem`}
              aria-invalid={error ? true : undefined}
              ref={textarea}
              rows={4}
              value={text}
              onChange={({ target }) => setField(name, target.value)}
              placeholder="Base64"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              className="figures break-all"
            />
          ) : (
            <div className="grid items-center gap-2 2xs:grid-cols-[minmax(0,1fr)_auto]">
              <Input {...control} readOnly value={MASK} aria-label="Signing key, hidden" />
              <Button aria-haspopup="dialog" onClick={() => void show()}>
                Show key
              </Button>
            </div>
          )}
          <p id={`${name}-new`} aria-live="polite" className="text-sm text-muted">
            {isNew && bytes && !error ? (
              // Hidden while another key is awaited, which is announced in the same words.
              <span className={clsx("mt-1.5 block", isGenerating && "invisible")}>
                {`New key, ${counted(bytes * 8, "bit")}. In effect once you save.`}
              </span>
            ) : null}
          </p>
          {/* Placed at the text, not in the field's own error slot, which is below the stored key's facts. */}
          <FieldError id={`${name}-problem`} message={error} />
          <div className="mt-2 flex flex-wrap gap-2">
            <Button size="sm" busy={isGenerating} onClick={() => void generate()}>
              Generate key
            </Button>
            {isNew ? (
              <Button size="sm" onClick={keepStored}>
                Keep stored key
              </Button>
            ) : (
              <Button size="sm" onClick={enter}>
                Paste key
              </Button>
            )}
          </div>
          <FieldError id={`${name}-failure`} message={failure} />
          <KeyFacts stored={stored} readAt={readAt} isReplaced={isNew} />
          {Dialog ? <Dialog onClose={() => setDialog(null)} /> : null}
        </>
      )}
    </Field>
  );
}
