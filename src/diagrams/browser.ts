import { createRequire } from 'node:module';

/** The parts of linkedom in use. Its own types would declare browser globals for all of Kickoff. */
interface Linkedom {
  parseHTML(html: string): {
    document: { createElement(name: string): unknown };
    Element: { prototype: object };
    SVGElement: unknown;
  };
}

/** Width of a one-line text in pixels. */
export type MeasureText = (text: string, size: number) => number;

/** Adds the browser functions to linkedom that bpmn-js needs: matrices, transforms, and text widths. */
export function provideBrowser(measure: MeasureText): void {
  const { parseHTML } = createRequire(import.meta.url)('linkedom') as Linkedom;
  const window = parseHTML('<!doctype html><html><body></body></html>');
  const { document } = window;
  Object.defineProperties(window.Element.prototype, {
    transform: { get: transformsOf },
    createSVGMatrix: { value: () => new Matrix() },
    createSVGTransform: { value: () => new Transform() },
    // The size on screen, where nothing is shown.
    getBBox: { value: () => ({ x: 0, y: 0, width: 0, height: 0 }) },
    clientWidth: { value: 1000 },
    clientHeight: { value: 1000 },
  });
  const { createElement } = document;
  document.createElement = (name: string) =>
    name === 'canvas' ? { getContext: () => new TextMeter(measure) } : createElement.call(document, name);
  Object.assign(globalThis, { window, document, SVGMatrix: Matrix, SVGElement: window.SVGElement });
}

class Matrix {
  x = 0;
  y = 0;

  translate(x: number, y: number): Matrix {
    return Object.assign(new Matrix(), { x: this.x + x, y: this.y + y });
  }
}

class Transform {
  #text = '';

  setMatrix({ x, y }: Matrix): void {
    this.setTranslate(x, y);
  }

  setTranslate(x: number, y: number): void {
    this.#text = `translate(${x} ${y})`;
  }

  setRotate(degrees: number, x: number, y: number): void {
    this.#text = `rotate(${degrees} ${x} ${y})`;
  }

  setScale(x: number, y: number): void {
    this.#text = `scale(${x} ${y})`;
  }

  toString(): string {
    return this.#text;
  }
}

/** The getter of `transform`; changes to the returned list are written to the attribute. */
function transformsOf(this: { setAttribute(name: string, value: string): void }) {
  const list: Transform[] = [];
  const write = () => this.setAttribute('transform', list.join(' '));
  return {
    baseVal: {
      clear: () => {
        list.length = 0;
        write();
      },
      appendItem: (transform: Transform) => {
        list.push(transform);
        write();
      },
      createSVGTransformFromMatrix: (matrix: Matrix) => {
        const transform = new Transform();
        transform.setMatrix(matrix);
        return transform;
      },
      consolidate: () => list[0] ?? null,
    },
  };
}

/** A canvas context that only measures text. */
class TextMeter {
  font = '12px';
  readonly #measure: MeasureText;

  constructor(measure: MeasureText) {
    this.#measure = measure;
  }

  measureText(text: string) {
    const size = Number(/([\d.]+)px/.exec(this.font)?.[1] ?? 12);
    return { width: this.#measure(text, size), fontBoundingBoxAscent: size * 0.9, fontBoundingBoxDescent: size * 0.2 };
  }
}
