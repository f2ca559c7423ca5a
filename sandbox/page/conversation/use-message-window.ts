import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { indexOfTs, type MessageStore } from '../state/message-store.ts';

/** How many messages stand in the page at once. What is further up or down comes as one scrolls there. */
const rendered = 150;
/** By how many the window moves. */
const step = 50;
/** How near to its edge, in pixels, it moves. */
const nearEdge = 600;
/** Less than this above the bottom counts as the bottom. */
const atBottom = 40;

/**
 * Keeps a long conversation quick: a window of its messages is in the page, follows the newest one while the person is at
 * the bottom, and moves with their scrolling, without a jump of what they read.
 */
export function useMessageWindow(store: MessageStore) {
  const all = store.messages.value;
  const list = useRef<HTMLDivElement>(null);
  /** The newest message of the window; undefined while it follows the newest of all. */
  const [lastTs, setLastTs] = useState<string>();
  const following = useRef(true);
  const anchor = useRef<{ ts: string; top: number } | undefined>(undefined);
  const moving = useRef(false);

  const end = lastTs === undefined ? all.length : indexOfTs(all, lastTs) + 1;
  const begin = Math.max(0, end - rendered);
  const messages = begin === 0 && end === all.length ? all : all.slice(begin, end);

  const topOf = (ts: string) =>
    list.current?.querySelector(`[data-ts="${ts}"]`)?.getBoundingClientRect().top ?? undefined;

  /** Notes where the uppermost message on the screen is, to put it back there after the window has moved. */
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

  // Pictures arrive and rows grow: whoever is at the bottom stays there.
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
