/** Outlines on a 20 by 20 grid. */
const paths = {
  menu: 'M3 5h14M3 10h14M3 15h14',
  close: 'M5 5l10 10M15 5L5 15',
  lock: 'M6 9V7a4 4 0 0 1 8 0v2M5 9h10v8H5z',
  shared: 'M7 6h-2a3 3 0 0 0-3 3v2a3 3 0 0 0 3 3h2M13 6h2a3 3 0 0 1 3 3v2a3 3 0 0 1-3 3h-2M7 10h6',
  people:
    'M7 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM1.5 17c0-3 2.5-5 5.5-5s5.5 2 5.5 5M13 3.5a3 3 0 0 1 0 5M15 12.3c2 .6 3.500 2.300 3.500 4.700',
  plus: 'M10 4v12M4 10h12',
  smile:
    'M10 18a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM6.500 12c.8 1.500 2 2.200 3.500 2.200s2.700-.7 3.500-2.200M7.500 7.500v.5M12.500 7.500v.5',
  reply:
    'M17 10c0 3.300-3.100 6-7 6-1 0-2-.2-2.900-.5L3 17l1.300-3.200C3.500 12.700 3 11.400 3 10c0-3.300 3.100-6 7-6s7 2.700 7 6z',
  more: 'M10 4.500v.01M10 10v.01M10 15.500v.01',
  send: 'M3 4l14 6-14 6 2.500-6zM5.500 10H11',
  attach:
    'M16 9l-6 6a3.500 3.500 0 0 1-5-5l6.500-6.500a2.300 2.300 0 0 1 3.300 3.300L8.500 13a1.200 1.200 0 0 1-1.700-1.700L12.500 5.500',
  eye: 'M2 10s3-5.500 8-5.500S18 10 18 10s-3 5.500-8 5.500S2 10 2 10zM10 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z',
  inspect: 'M3 4h14v12H3zM3 11h14M6 13.500h3',
  list: 'M3 5.500l1.500 1.500L7 4.500M3 13l1.500 1.500L7 12M10 6h7M10 13.500h7',
  theme: 'M10 3a7 7 0 1 0 0 14zM10 3a7 7 0 0 1 0 14',
  link: 'M8 12l4-4M9 6l2-2a3.500 3.500 0 0 1 5 5l-2 2M11 14l-2 2a3.500 3.500 0 0 1-5-5l2-2',
  reset: 'M4 10a6 6 0 1 1 2 4.500M4 16v-3.500h3.500',
  home: 'M3 9.500L10 4l7 5.500M5 8.500V16h10V8.500',
  down: 'M10 4v12M5 11l5 5 5-5',
} as const;

/** A line icon without a name of its own: the button around it is labelled. */
export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg class={`icon is-${name}`} viewBox="0 0 20 20" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
