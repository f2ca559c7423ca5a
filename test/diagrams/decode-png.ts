import { inflateSync } from 'node:zlib';

export interface Pixels {
  width: number;
  height: number;
  /** Number of pixels with exactly this colour, in a part of the picture or all of it. */
  count(colour: number[], part?: { x: number; y: number; width: number; height: number }): number;
}

const channels = 4;

/** Decodes a PNG as resvg writes it: eight bits of red, green, blue and alpha, not interlaced. */
export function decodePng(png: Buffer): Pixels {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  if (png[24] !== 8 || png[25] !== 6 || png[28] !== 0) throw new Error('not a PNG of the kind that is read here');
  const data: Buffer[] = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const pixels = unfilter(inflateSync(Buffer.concat(data)), width * channels, height);
  return {
    width,
    height,
    count([red, green, blue], part = { x: 0, y: 0, width, height }) {
      let found = 0;
      for (let y: number = part.y; y < part.y + part.height; y += 1) {
        for (let x: number = part.x; x < part.x + part.width; x += 1) {
          const at = (y * width + x) * channels;
          if (pixels[at] === red && pixels[at + 1] === green && pixels[at + 2] === blue) found += 1;
        }
      }
      return found;
    },
  };
}

/**
 * Reverses PNG's filters: each byte is stored as the difference from a prediction by its neighbours; each line names its
 * filter.
 */
function unfilter(raw: Buffer, lineLength: number, height: number): Buffer {
  const out = Buffer.alloc(lineLength * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (lineLength + 1)] ?? 0;
    for (let x = 0; x < lineLength; x += 1) {
      const at = y * lineLength + x;
      const left = x >= channels ? (out[at - channels] ?? 0) : 0;
      const up = y > 0 ? (out[at - lineLength] ?? 0) : 0;
      const corner = x >= channels && y > 0 ? (out[at - lineLength - channels] ?? 0) : 0;
      out[at] = (raw[y * (lineLength + 1) + 1 + x] ?? 0) + guess(filter, left, up, corner);
    }
  }
  return out;
}

function guess(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4: {
      const estimate = left + up - corner;
      const [byLeft, byUp, byCorner] = [left, up, corner].map((one) => Math.abs(estimate - one)) as [
        number,
        number,
        number,
      ];
      if (byLeft <= byUp && byLeft <= byCorner) return left;
      return byUp <= byCorner ? up : corner;
    }
    default:
      return 0;
  }
}
