/** Types for the parts of opentype.js in use; it has none of its own. */
declare module 'opentype.js' {
  interface Font {
    /** Width of a one-line text, in pixels at that size. */
    getAdvanceWidth(text: string, size: number): number;
  }
  const opentype: { parse(font: ArrayBuffer): Font };
  // biome-ignore lint/style/noDefaultExport: it is theirs
  export default opentype;
}
