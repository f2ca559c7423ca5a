// Prints the URL of each module that Node.js loads (`node --import`).
import { register } from 'node:module';

const hooks = `
  import { writeSync } from 'node:fs';
  export const load = (url, context, next) => {
    writeSync(1, url + '\\n');
    return next(url, context);
  };
`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
