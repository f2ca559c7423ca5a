import type { en } from './en.ts';

/** The key of a text; every language has it (see en.ts). */
export type Key = keyof typeof en;

/** A language's texts, in ICU MessageFormat. */
export type Texts = Readonly<Record<Key, string>>;

/** A placeholder's value. A nested message is rendered in the same language as the text around it. */
export type Value = string | number | bigint | Message | PersonNamed;

/** A person by Slack id; becomes a mention if the text is Slack's markup. */
export interface PersonNamed {
  readonly user: string;
}

/** A text that is rendered later, in its reader's language: plain JSON, so that it can be stored. */
export interface Message {
  readonly key: Key;
  readonly values: Readonly<Record<string, Value>>;
}

/** The values of a text's placeholders, by name; those of `{count, plural, …}` and `{count, number}` are numbers. */
export type Values<K extends Key> = { [P in Placeholder<(typeof en)[K]> as P[0]]: P[1] };

/** A text without placeholders takes no values. */
export type ValuesArgument<K extends Key> = keyof Values<K> extends never ? [] : [values: Values<K>];

/** A placeholder is what follows a brace, except for the words in a plural's branch, which contain blanks or a `#`. */
type Placeholder<Text extends string> = Text extends `${string}{${infer Rest}`
  ? PlaceholderAt<Rest> | Placeholder<Rest>
  : never;

type PlaceholderAt<Rest extends string> = Rest extends `${infer Inside}}${string}`
  ? Inside extends `${infer Name},${string}`
    ? Named<Name, number | bigint>
    : Named<Inside, Value>
  : never;

type Named<Name extends string, Type> = Name extends '' | `${string} ${string}` | `${string}#${string}`
  ? never
  : [Name, Type];

/** A text with the values of its placeholders. The compiler checks that none is missing. */
export function message<K extends Key>(key: K, ...[values]: ValuesArgument<K>): Message {
  return { key, values: values ?? {} };
}
