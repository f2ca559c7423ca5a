import type { ComponentChildren, RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** Between a popup and the window's edge, in pixels. */
const margin = 8;

interface PopupProps {
  /** What the popup belongs to: it stands below (or above) it. */
  anchor: RefObject<HTMLElement | null>;
  onClose(): void;
  /** Which edges line up. */
  align?: 'start' | 'end';
  /** Is the popup as wide as its anchor? */
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

/** A layer above everything else, dialogs included. Closes on Escape and on a click elsewhere. */
export function Popup({ anchor, onClose, align = 'start', matchWidth = false, children, ...rest }: PopupProps) {
  const popup = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    popup.current?.showPopover();
  }, []);

  // After every render: what is in the popup may have grown.
  useLayoutEffect(() => {
    if (popup.current && anchor.current) place(popup.current, anchor.current, align, matchWidth);
  });

  // Gone together with the popup: an effect that ends after the next paint would still take a quick second Escape.
  useLayoutEffect(() => {
    const isInside = (target: EventTarget | null) =>
      target instanceof Node && (popup.current?.contains(target) || anchor.current?.contains(target));
    const onPointer = (event: Event) => {
      if (!isInside(event.target)) onClose();
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      // The popup alone closes, not the dialog below it.
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
