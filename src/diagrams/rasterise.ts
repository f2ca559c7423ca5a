import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { buffer } from 'node:stream/consumers';

/** Slack shows pictures at most some 1,000 pixels wide; twice that stays sharp, and larger ones cost memory for nothing. */
const widest = 2000;
const scale = 1.6;
/** How long drawing may take, in milliseconds. */
const timeoutMs = 20_000;

/** Reads an SVG, writes a PNG: `node -e <program> <renderer> <font> <width>`. */
const program = `
const [, renderer, font, width] = process.argv;
const { Resvg } = require(renderer);
const svg = require('node:fs').readFileSync(0, 'utf8');
const options = { fitTo: { mode: 'width', value: Number(width) } };
options.font = { fontFiles: [font], loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' };
process.stdout.write(new Resvg(svg, options).render().asPng());
`;

/**
 * An SVG as PNG. Each picture has a process of its own, for the renderer's memory does not come back (a hundred pictures
 * took 200 MB), and most Kickoffs draw few. Text is in DejaVu Sans, which comes along: it has Latin, Greek and Cyrillic, and
 * machines need no fonts.
 */
export async function rasterise(svg: string): Promise<Buffer> {
  const { resolve } = createRequire(import.meta.url);
  const width = Number(/ width="([\d.]+)"/.exec(svg)?.[1] ?? widest);
  const pixels = String(Math.round(Math.min(width * scale, widest)));
  const files = [resolve('@resvg/resvg-js'), resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')];
  const child = spawn(process.execPath, ['-e', program, ...files, pixels], {
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: timeoutMs,
    // None of our secrets are its business.
    env: {},
  });
  const ended = once(child, 'close');
  // A child that is gone before it has read everything says so by its exit code.
  child.stdin.on('error', () => {});
  child.stdin.end(svg);
  const [png, [code]] = await Promise.all([buffer(child.stdout), ended]);
  if (code !== 0) throw new Error(`the picture was not drawn: its process ended with ${code}`);
  return png;
}
