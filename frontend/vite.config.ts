import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { VitePWA } from 'vite-plugin-pwa';
import { defineConfig } from 'vitest/config';
import { filesOf } from './filesof.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const crew = filesOf('crew');

export default defineConfig({
  plugins: [
    svelte(),
    crew.plugin,
    // The crew's page and nothing else opens without a link. A newer one takes over when no crew page is open any more:
    // what somebody is writing in is never exchanged beneath them.
    VitePWA({
      filename: 'sw.js',
      scope: '/crew',
      injectRegister: false,
      manifest: false,
      workbox: {
        globPatterns: ['crew.html', 'assets/*'],
        manifestTransforms: [
          (entries) => ({
            manifest: entries
              .filter(({ url }) => url === 'crew.html' || crew.files.has(url))
              .map((entry) => (entry.url === 'crew.html' ? { ...entry, url: '/crew' } : entry)),
          }),
        ],
        dontCacheBustURLsMatching: /^assets\//,
        navigateFallback: null,
        cleanupOutdatedCaches: true,
        inlineWorkboxRuntime: true,
        importScripts: ['/push.js'],
        sourcemap: false,
      },
    }),
  ],
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
        strip: here('./strip.html'),
        crew: here('./crew.html'),
        desk: here('./desk.html'),
        account: here('./account.html'),
        exercise: here('./exercise.html'),
        push: here('./push.ts'),
      },
      // A service worker keeps its name from one version to the next, and its names to itself: the crew's takes it in.
      output: {
        entryFileNames: ({ name }) => (name === 'push' ? 'push.js' : 'assets/[name]-[hash].js'),
        postBanner: ({ name }) => (name === 'push' ? '(() => {' : ''),
        postFooter: ({ name }) => (name === 'push' ? '})();' : ''),
      },
    },
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': process.env.JRU_SERVER ?? 'http://127.0.0.1:8080' } },
  test: { include: ['**/*.test.ts'], environment: 'node', setupFiles: ['./chance.setup.ts'] },
});
