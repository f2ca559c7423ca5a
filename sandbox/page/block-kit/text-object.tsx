import type { TextObject } from '../../block-kit/types.ts';
import { Mrkdwn, PlainText } from '../text/mrkdwn.tsx';

/** A text object of Block Kit, `plain_text` or `mrkdwn`. */
export function TextObjectView({ text }: { text: TextObject }) {
  return text.type === 'mrkdwn' ? <Mrkdwn text={text.text} verbatim={text.verbatim} /> : <PlainText text={text.text} />;
}
