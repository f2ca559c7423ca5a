import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { indexOfTs, type MessageStore } from '../state/message-store.ts';

/** Number of messages that are rendered at once. Others are rendered when the person scrolls to them. */
const rendered = 150;
/** Number of messages by which the window moves. */
const step = 50;
/** Distance to the window's edge, in pixels, at which it moves. */
const nearEdge = 600;
/** Distance to the bottom, in pixels, that still counts as the bottom. */
const atBottom = 40;

/**
 * Keeps a long conversation fast: only a window of its messages is rendered. It follows the newest message while the person is
 * at the bottom, and moves as they scroll, without moving the text that they read.
 */
export function useMessageWindow(store: MessageStore) {
  const all = store.messages.value;
  const list = useRef<HTMLDivElement>(null);
  /** `ts` of the newest message in the window; undefined while the window follows the newest message of all. */
  const [lastTs, setLastTs] = useState<string>();
  const following = useRef(true);
  const anchor = useRef<{ ts: string; top: number } | undefined>(undefined);
  const moving = useRef(false);

  const end = lastTs === undefined ? all.length : indexOfTs(all, lastTs) + 1;
  const begin = Math.max(0, end - rendered);
  const messages = begin === 0 && end === all.length ? all : all.slice(begin, end);

  const topOf = (ts: string) =>
    list.current?.querySelector(`[data-ts="${ts}"]`)?.getBoundingClientRect().top ?? undefined;

  /** Remembers the position of the topmost visible message, to restore it after the window has moved. */
  const hold = () => {
    const box = list.current?.getBoundingClientRect();
    const rows = list.current?.querySelectorAll<HTMLElement>('[data-ts]') ?? [];
    const row = [...rows].find((candidate) => candidate.getBoundingClientRect().bottom > (box?.top ?? 0));
    const ts = row?.dataset.ts;
    if (row && ts) anchor.current = { ts, top: row.getBoundingClientRect().top };
  };

  const moveUp = async () => {
    if (moving.current || (begin === 0 && !store.hasOlder.peek())) return;
    moving.current = true;
    try {
      if (begin < step) await store.older(hold);
      hold();
      const now = store.messages.peek();
      const last = lastTs === undefined ? now.length - 1 : indexOfTs(now, lastTs);
      const target = now[Math.max(Math.min(rendered, now.length) - 1, last - step)];
      if (target && now.length > rendered) setLastTs(target.ts);
    } finally {
      moving.current = false;
    }
  };

  const moveDown = () => {
    if (lastTs === undefined) return;
    hold();
    const target = all[end - 1 + step];
    setLastTs(target && end + step < all.length ? target.ts : undefined);
  };

  const onScroll = () => {
    const element = list.current;
    if (!element) return;
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    following.current = lastTs === undefined && below < atBottom;
    if (element.scrollTop < nearEdge) void moveUp();
    else if (below < nearEdge) moveDown();
  };

  const toBottom = () => {
    following.current = true;
    setLastTs(undefined);
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
  };

  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const held = anchor.current;
    anchor.current = undefined;
    const top = held && topOf(held.ts);
    if (following.current) element.scrollTop = element.scrollHeight;
    else if (held && top !== undefined) element.scrollTop += top - held.top;
  });

  // When images load and rows grow, a person at the bottom stays at the bottom.
  useLayoutEffect(() => {
    const element = list.current;
    const content = element?.firstElementChild;
    if (!element || !content) return;
    const observer = new ResizeObserver(() => {
      if (following.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(content);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  return { list, messages, onScroll, toBottom, isAtEnd: lastTs === undefined, isBeginning: begin === 0 };
}
