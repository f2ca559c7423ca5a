import type { ComponentChildren, RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** Distance between a popup and the window's edge, in pixels. */
const margin = 8;

interface PopupProps {
  /** The element that the popup is placed below (or above). */
  anchor: RefObject<HTMLElement | null>;
  onClose(): void;
  /** The edges of popup and anchor that are aligned. */
  align?: 'start' | 'end';
  /** Whether the popup is as wide as its anchor. */
  matchWidth?: boolean;
  class?: string;
  children: ComponentChildren;
}

function place(popup: HTMLElement, anchor: HTMLElement, align: 'start' | 'end', matchWidth: boolean): void {
  const box = anchor.getBoundingClientRect();
  if (matchWidth) popup.style.width = `${box.width}px`;
  const below = window.innerHeight - box.bottom - margin;
  const above = box.top - margin;
  const flipped = below < Math.min(popup.scrollHeight, 240) && above > below;
  popup.style.maxHeight = `${Math.max(flipped ? above : below, 80) - 4}px`;
  const { width, height } = popup.getBoundingClientRect();
  const left = align === 'start' ? box.left : box.right - width;
  popup.style.left = `${Math.max(margin, Math.min(left, window.innerWidth - width - margin))}px`;
  popup.style.top = `${flipped ? Math.max(margin, box.top - height - 4) : box.bottom + 4}px`;
}

/** A layer above everything else, including dialogs. Closes on Escape and on a click outside. */
export function Popup({ anchor, onClose, align = 'start', matchWidth = false, children, ...rest }: PopupProps) {
  const popup = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    popup.current?.showPopover();
  }, []);

  // After every render, because the content may have grown.
  useLayoutEffect(() => {
    if (popup.current && anchor.current) place(popup.current, anchor.current, align, matchWidth);
  });

  // A layout effect, removed together with the popup: other effects end after the next paint, and would handle a quick second
  // Escape.
  useLayoutEffect(() => {
    const isInside = (target: EventTarget | null) =>
      target instanceof Node && (popup.current?.contains(target) || anchor.current?.contains(target));
    const onPointer = (event: Event) => {
      if (!isInside(event.target)) onClose();
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      // Closes only the popup, not the dialog below it.
      event.preventDefault();
      event.stopPropagation();
      onClose();
    };
    const onScroll = (event: Event) => {
      if (!isInside(event.target) && popup.current && anchor.current) {
        place(popup.current, anchor.current, align, matchWidth);
      }
    };
    document.addEventListener('pointerdown', onPointer, true);
    document.addEventListener('keydown', onKey, true);
    document.addEventListener('scroll', onScroll, true);
    return () => {
      document.removeEventListener('pointerdown', onPointer, true);
      document.removeEventListener('keydown', onKey, true);
      document.removeEventListener('scroll', onScroll, true);
    };
  }, [anchor, onClose, align, matchWidth]);

  return (
    <div ref={popup} popover="manual" class={`popup ${rest.class ?? ''}`}>
      {children}
    </div>
  );
}
