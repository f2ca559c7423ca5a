import { useRef, useState } from 'preact/hooks';
import { type FieldProps, fieldAttributes } from './field.ts';
import { heldValue, useSurface } from './surface.ts';

const inputModes = { email_text_input: 'email', url_text_input: 'url', number_input: 'decimal' } as const;

/** Text, e-mail, URL, number and rich text inputs. */
export function TextField(props: FieldProps) {
  const { block, element } = props;
  const surface = useSurface();
  const [text, setText] = useState(() => initialText(heldValue(surface, props)));
  const sent = useRef(text);
  const enter = (value: string, pressedEnter = false) => {
    if (value === sent.current && !pressedEnter) return;
    sent.current = value;
    void surface.enter({ block, element }, value === '' ? null : value, { pressedEnter });
  };
  const shared = {
    ...fieldAttributes(props),
    class: 'input',
    value: text,
    placeholder: element.placeholder?.text,
    maxLength: element.max_length,
    onInput: (event: { currentTarget: { value: string } }) => {
      setText(event.currentTarget.value);
      enter(event.currentTarget.value);
    },
  };
  const isLong = element.multiline || element.type === 'rich_text_input';
  return (
    <div class="text-field">
      {isLong ? (
        <textarea {...shared} rows={4} />
      ) : (
        <input
          {...shared}
          type="text"
          inputMode={inputModes[element.type as keyof typeof inputModes]}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !block.dispatch_action) return;
            // Enter is sent to the app; it must not submit the form.
            event.preventDefault();
            enter(text, true);
          }}
        />
      )}
      {element.max_length !== undefined && text.length > element.max_length * 0.8 && (
        <span class="characters-left">{element.max_length - text.length}</span>
      )}
    </div>
  );
}

interface RichTextElement {
  text?: string;
  url?: string;
  elements?: RichTextElement[];
}

function plain(element: RichTextElement): string {
  return element.text ?? element.url ?? (element.elements ?? []).map(plain).join('');
}

function initialText(value: ReturnType<typeof heldValue>): string {
  if (typeof value?.value === 'string') return value.value;
  const rich = value?.rich_text_value as RichTextElement | undefined;
  return (rich?.elements ?? []).map(plain).join('\n');
}
