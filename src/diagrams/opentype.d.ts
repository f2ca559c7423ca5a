/** opentype.js comes without types; what we use of it. */
declare module 'opentype.js' {
  interface Font {
    /** Of a text of one line, in pixels at that size. */
    getAdvanceWidth(text: string, size: number): number;
  }
  const opentype: { parse(font: ArrayBuffer): Font };
  // biome-ignore lint/style/noDefaultExport: it is theirs
  export default opentype;
}
