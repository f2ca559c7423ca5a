import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface LabelledFieldProps {
  label: string;
  hint?: string;
  /** Renders the field with the id that its label refers to. */
  children(id: string): ComponentChildren;
}

/** A field of one of the page's own dialogs. */
export function LabelledField({ label, hint, children }: LabelledFieldProps) {
  const id = useId();
  return (
    <div class="block-input">
      <label class="field-label" for={id}>
        {label}
      </label>
      {children(id)}
      {hint && <div class="field-hint">{hint}</div>}
    </div>
  );
}

interface TextLineProps {
  label: string;
  hint?: string;
  value: string;
  placeholder?: string;
  onInput(value: string): void;
}

export function TextLine({ label, hint, value, placeholder, onInput }: TextLineProps) {
  return (
    <LabelledField label={label} {...(hint ? { hint } : {})}>
      {(id) => (
        <input
          id={id}
          class="input"
          value={value}
          placeholder={placeholder}
          autocomplete="off"
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </LabelledField>
  );
}
