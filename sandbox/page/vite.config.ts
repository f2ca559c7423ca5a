import { defineConfig } from 'vite';

/** The sandbox workspace's page: built beside the compiled server, which serves it. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  build: {
    outDir: '../../dist/sandbox-page',
    emptyOutDir: true,
    // Browsers of 2024 and later: the page is for whoever tries Kickoff, not for the world.
    target: ['chrome125', 'firefox125', 'safari17.5'],
    reportCompressedSize: false,
    // The emoji table is large, and comes from this machine.
    chunkSizeWarningLimit: 1000,
  },
});
