import { useState } from 'preact/hooks';
import { type FieldProps, fieldAttributes } from './field.ts';
import { heldValue, useSurface } from './surface.ts';

/** Formats seconds since 1970 for a `datetime-local` input, in the reader's time zone. */
function localMoment(seconds: number): string {
  const date = new Date(seconds * 1000);
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** Date, time, and date-and-time pickers. */
export function DateField(props: FieldProps) {
  const { block, element } = props;
  const surface = useSurface();
  const value = heldValue(surface, props);
  const [text, setText] = useState(() => {
    if (element.type === 'datetimepicker') {
      return typeof value?.selected_date_time === 'number' ? localMoment(value.selected_date_time) : '';
    }
    return String((element.type === 'datepicker' ? value?.selected_date : value?.selected_time) ?? '');
  });
  const types = { datepicker: 'date', timepicker: 'time', datetimepicker: 'datetime-local' } as const;
  return (
    <input
      {...fieldAttributes(props)}
      class="input is-date"
      type={types[element.type as keyof typeof types]}
      value={text}
      onInput={(event) => {
        const typed = event.currentTarget.value;
        setText(typed);
        const moment = element.type === 'datetimepicker' ? Math.floor(new Date(typed).getTime() / 1000) : typed;
        void surface.enter({ block, element }, typed === '' ? null : moment);
      }}
    />
  );
}
