import { readFileSync } from 'node:fs';

export interface Instruction {
  keyword: string;
  text: string;
}

/** The instructions of each stage of the Dockerfile; a stage begins with its FROM. */
export function readDockerfile(): Instruction[][] {
  const stages: Instruction[][] = [];
  const lines = readFileSync('Dockerfile', 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n');
  for (const line of lines) {
    const [, keyword, text] = /^([A-Z]+) +(.+)$/.exec(line) ?? [];
    if (!keyword || !text) continue;
    if (keyword === 'FROM') stages.push([]);
    stages.at(-1)?.push({ keyword, text });
  }
  return stages;
}

/** The arguments of the instructions with that keyword. */
export function textsOf(stage: readonly Instruction[] | undefined, keyword: string): string[] {
  return (stage ?? []).flatMap((one) => (one.keyword === keyword ? one.text : []));
}
