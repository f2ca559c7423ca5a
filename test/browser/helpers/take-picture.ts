import type { Page } from 'playwright-core';

/**
 * Takes a picture of the window for people to look at, `screenshots/NAME.png`, if SCREENSHOTS is set. No test reads it, and
 * each takes longer than a click.
 */
export async function takePicture(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS) {
    await page.screenshot({ path: `screenshots/${name}.png`, animations: 'disabled' });
  }
}
