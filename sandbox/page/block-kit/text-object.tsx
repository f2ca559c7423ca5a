import type { TextObject } from '../../block-kit/types.ts';
import { Mrkdwn, PlainText } from '../text/mrkdwn.tsx';

/** A text of Block Kit, whichever of the two kinds. */
export function TextObjectView({ text }: { text: TextObject }) {
  return text.type === 'mrkdwn' ? <Mrkdwn text={text.text} verbatim={text.verbatim} /> : <PlainText text={text.text} />;
}
