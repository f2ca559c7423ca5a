import { defineConfig } from 'vite';

/** Builds the page of the sandbox workspace next to the compiled server, which serves it. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  build: {
    outDir: '../../dist/sandbox-page',
    emptyOutDir: true,
    // Only browsers of 2024 and later: the page is a tool for trying Kickoff.
    target: ['chrome125', 'firefox125', 'safari17.5'],
    reportCompressedSize: false,
    // The emoji table is large, but is served from the same machine.
    chunkSizeWarningLimit: 1000,
  },
});
