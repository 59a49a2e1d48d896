import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [svelte()],
  root: here('.'),
  base: '/',
  resolve: { alias: { $shared: here('./shared') } },
  build: {
    outDir: here('../src/jru/web/static'),
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy allows no inline script, so nothing may be injected into the pages.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // The lazy map is one large chunk on purpose.
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      input: {
        index: here('./index.html'),
        console: here('./console.html'),
        crew: here('./crew.html'),
        desk: here('./desk.html'),
        account: here('./account.html'),
      },
    },
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': process.env.JRU_SERVER ?? 'http://127.0.0.1:8080' } },
  test: { include: ['**/*.test.ts'], environment: 'node' },
});
