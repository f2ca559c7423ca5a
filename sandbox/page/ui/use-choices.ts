import { useEffect, useRef, useState } from 'preact/hooks';
import { type Choice, type ChoiceGroup, narrowed } from './combobox-choice.ts';

/** The source of choices: all at once, or loaded while the person types. */
export type ChoiceSource<C extends Choice> =
  | { kind: 'given'; groups: ChoiceGroup<C>[] }
  | { kind: 'asked'; minLength: number; ask(typed: string): Promise<ChoiceGroup<C>[]> };

export type Choices<C extends Choice> =
  | { state: 'ready'; groups: ChoiceGroup<C>[] }
  | { state: 'too_short'; minLength: number }
  | { state: 'asking'; groups: ChoiceGroup<C>[] }
  | { state: 'failed' };

/** Waits for this long a pause in typing before asking the app, in milliseconds. */
const pauseMs = 150;

/** The choices of an open select for the typed text. */
export function useChoices<C extends Choice>(source: ChoiceSource<C>, typed: string, open: boolean): Choices<C> {
  const [asked, setAsked] = useState<Choices<C>>({ state: 'asking', groups: [] });
  const current = useRef(source);
  current.current = source;
  const isAsked = source.kind === 'asked';

  useEffect(() => {
    const { current: now } = current;
    if (!open || now.kind !== 'asked') return;
    if (typed.length < now.minLength) {
      setAsked({ state: 'too_short', minLength: now.minLength });
      return;
    }
    // Ignores an answer for earlier text that arrives after the current one.
    let overtaken = false;
    setAsked((before) => ({ state: 'asking', groups: 'groups' in before ? before.groups : [] }));
    const timer = setTimeout(
      () => {
        now.ask(typed).then(
          (groups) => !overtaken && setAsked({ state: 'ready', groups }),
          () => !overtaken && setAsked({ state: 'failed' }),
        );
      },
      typed === '' ? 0 : pauseMs,
    );
    return () => {
      overtaken = true;
      clearTimeout(timer);
    };
  }, [typed, open, isAsked]);

  return source.kind === 'given' ? { state: 'ready', groups: narrowed(source.groups, typed) } : asked;
}
