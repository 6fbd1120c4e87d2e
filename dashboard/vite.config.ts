import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

const server = process.env['ORDERWATCH_URL'] ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: '../src/orderwatch/web/page',
    emptyOutDir: true,
    target: 'es2023',
    // Those that know light-dark(), which holds both themes.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // A file inlined as a data: address would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/api': server,
      '/webhook': server,
      '/in': server,
    },
  },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
})
