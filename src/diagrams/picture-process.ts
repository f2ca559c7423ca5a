import { readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { Resvg } from '@resvg/resvg-js';
import opentype from 'opentype.js';
import { provideBrowser } from './browser.ts';
import { drawDiagram } from './draw-diagram.ts';
import type { Visit } from './progress.ts';

/* A separate process: reads a PictureOrder from standard input and writes a PNG, or nothing if there is nothing to draw. */

export interface PictureOrder {
  xml: string;
  visits: Visit[];
}

/** Slack shows pictures at most about 1,000 pixels wide; twice that is sharp, and larger ones only cost memory. */
const mostPixels = 2000;
const scale = 1.6;

const { resolve } = createRequire(import.meta.url);
/** As wide as Arial, for which Camunda Modeler lays out labels; has Latin, Greek and Cyrillic. The machine needs no fonts. */
const font = resolve('@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf');
/** Has the symbols and scripts that the first font lacks: Arabic, Georgian, … */
const fallback = resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
const family = 'Arimo';

const { xml, visits } = JSON.parse(await text(process.stdin)) as PictureOrder;
const metrics = opentype.parse(new Uint8Array(readFileSync(font)).buffer);
provideBrowser((line, size) => metrics.getAdvanceWidth(line, size));
const svg = await drawDiagram(xml, visits, family);
if (svg !== undefined) write(rasterise(svg));

function rasterise(drawing: string): Buffer {
  const [width, height] = [' width="', ' height="'].map((name) => Number(drawing.split(name)[1]?.split('"')[0]));
  const zoom = Math.min(scale, mostPixels / Math.max(width ?? mostPixels, height ?? mostPixels));
  return new Resvg(drawing, {
    fitTo: { mode: 'zoom', value: zoom },
    font: { fontFiles: [font, fallback], loadSystemFonts: false, defaultFontFamily: family },
  })
    .render()
    .asPng();
}

/** Writes all of it before the process ends. */
function write(png: Buffer): void {
  for (let at = 0; at < png.length; ) at += writeSync(process.stdout.fd, png, at);
}
