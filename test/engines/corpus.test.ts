import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkFolder } from '../../src/engines/embedded/check-folder.ts';

/** Small files, one for each feature of analysts' files. `npm run check-processes -- --counts test/engines/corpus` */
const folder = 'test/engines/corpus';

test('the corpus has the recorded results: loaded, refused or warned of, each refused file for one reason', async () => {
  const { counts, summary, lines } = await checkFolder(folder, { secrets: new Set() });
  expect(readdirSync(folder).length).toBeGreaterThanOrEqual(60);
  expect([summary, ...counts.map((line) => line.replace(/; supported are .*/, '').trim())]).toMatchInlineSnapshot(`
    [
      "28 processes would be loaded, 26 files have errors, 6 warnings",
      "2  error: ad-hoc sub-process is not supported",
      "1  error: not JSON: line 2, column 1: close bracket expected",
      "1  error: iframe "I": this type is not supported",
      "1  error: table "T": this type is not supported",
      "1  error: signature "S" (s): this type is not supported",
      "1  error: Context is not supported, only decision tables and literal expressions",
      "1  error: cancel end event is not supported",
      "1  error: complex gateway is not supported",
      "1  error: conditional intermediate catch event is not supported",
      "1  error: unparsable content >: non-whitespace outside of root node",
      "1  error: script =1 +: is not complete at character 4",
      "1  error: script ="a" + if true then "b" else "c": is not FEEL at character 10",
      "1  error: script =amount >> 100: is not FEEL at character 9",
      "1  error: unparsable content <bpmn:startEvent> detected: unclosed tag",
      "1  error: multi-instance by a number (loopCardinality) is not supported",
      "1  error: the process is not executable",
      "1  error: standard loop characteristics is not supported",
      "1  error: transaction is not supported",
      "1  error: output has the target “…”, which is reserved: nothing can change this variable",
      "1  error: the process priority is in priority-again.bpmn already, and the one there is taken",
      "1  error: nothing here does jobs of its listener’s type note",
      "1  error: nothing here does jobs of the type archive-document",
      "1  error: no .dmn file has the decision nowhere",
      "1  error: no .form file has the form nowhere",
      "1  error: its form form-table was refused because in form-table.form table "T": this type is not supported",
      "1  warning: on Camunda 8 it is a job of the old kind; with zeebe:userTask it is a user task there as well",
      "1  warning: camunda:asyncBefore is of Camunda 7; it is ignored",
      "1  warning: it waits forever: only one of its flows can get a token from Exclusive gateway (either)",
      "1  warning: the secret NOBODY is not set (SECRET_NOBODY in the environment)",
      "1  warning: nothing here sends the message “…” that it waits for",
      "1  warning: no process throws the signal “…” that it waits for",
    ]
  `);
  const refused = lines.filter((line) => line.includes(': error: ')).map((line) => line.split(':')[0]);
  expect(new Set(refused).size).toBe(refused.length);
});
