// What `npm start` runs, but ends with the worker that started it, which cannot end anything when it is killed itself.
process.stdin.on('end', () => process.exit());
process.stdin.resume().unref();
await import('../../dist/demo/main.js');
