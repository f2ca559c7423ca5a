/** A collapsible view of JSON. */
export function Json({ title, value }: { title: string; value: unknown }) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return (
    <details class="json" open>
      <summary>{title}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by the keyboard. */}
      <section tabIndex={0} aria-label={title}>
        <pre>{text === '' ? '(empty)' : text}</pre>
      </section>
    </details>
  );
}
