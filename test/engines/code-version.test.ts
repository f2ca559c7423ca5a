import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeVersion } from '../../src/engines/embedded/reading/code-version.ts';
import { writeFolder } from './embedded-world.ts';

const packageOf = (version: string, dependencies = {}) => JSON.stringify({ version, dependencies });

const from = (name: string) => `import { x } from '${name}';`;
const bundled = (name: string) => `import {\n  x\n} from "${name}";`;
const lazily = (name: string) => `const x = async () => import('${name}');`;
const required = (name: string) => `const x = createRequire(import.meta.url)('${name}');`;

const files = {
  'src/main.ts': [from('./a.ts'), from('b/sub/path'), '// Not there:', from('./gone.ts'), lazily('nowhere')].join('\n'),
  'src/a.ts': [bundled('../c.ts'), required('@scope/d/d.json')].join('\n'),
  'c.ts': lazily('./later.ts'),
  'later.ts': from('./src/main.ts'),
  'other.ts': '',
  'node_modules/b/package.json': packageOf('1.0.0', { e: '^1.0.0' }),
  'node_modules/@scope/d/package.json': packageOf('1.0.0'),
  'node_modules/e/package.json': packageOf('1.0.0'),
  'node_modules/f/package.json': packageOf('1.0.0'),
};

let folder: string;
beforeEach(async () => {
  folder = await writeFolder(files);
});
afterEach(() => rm(folder, { recursive: true }));

const version = () => codeVersion(pathToFileURL(join(folder, 'src/main.ts')).href);

/** The version once a file was changed. */
async function changed(path: string, text: string): Promise<string> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
  return version();
}

describe('the version of a module’s code', () => {
  it('stays the same while nothing that it imports changes', async () => {
    const before = version();
    expect(await changed('other.ts', 'changed')).toBe(before);
    expect(await changed('node_modules/f/package.json', packageOf('2.0.0'))).toBe(before);
  });

  it.each(['src/main.ts', 'src/a.ts', 'c.ts', 'later.ts'] as const)('changes with the module %s', async (path) => {
    const before = version();
    expect(await changed(path, `${files[path]}\n`)).not.toBe(before);
  });

  it.each(['b', '@scope/d', 'e'])('changes with the version of the package %s', async (name) => {
    const before = version();
    expect(await changed(`node_modules/${name}/package.json`, packageOf('1.0.1'))).not.toBe(before);
  });

  it('changes where a nearer package takes the place of another', async () => {
    const before = version();
    expect(await changed('src/node_modules/b/package.json', packageOf('3.0.0'))).not.toBe(before);
  });
});
