import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeWindow {
  axe: {
    run(options: { runOnly?: string[] }): Promise<{
      violations: { id: string; impact: string | null; nodes: { html: string; failureSummary?: string }[] }[];
    }>;
  };
}

/** The rules that axe checks in each theme. The themes differ only in colours, so the other rules are checked in one of them. */
const themes: { colorScheme: 'light' | 'dark'; runOnly?: string[] }[] = [
  { colorScheme: 'light' },
  { colorScheme: 'dark', runOnly: ['color-contrast', 'link-in-text-block'] },
];

/** Violations found by axe, in the light and the dark theme, that are serious or critical. Leaves the page in the dark one. */
export async function seriousViolations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource);
  const found: string[] = [];
  for (const { colorScheme, ...options } of themes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await page.evaluate((only) => (globalThis as unknown as AxeWindow).axe.run(only), options);
    for (const { id, impact, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      found.push(...nodes.map((node) => `${colorScheme}: ${id}: ${node.html}\n${node.failureSummary}`));
    }
  }
  return found;
}
