import { existsSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { consolePage } from './tools/console-page.ts'

const web = join(import.meta.dirname, 'web')
const worker = join(web, 'src/service-worker.ts')
const early = join(web, 'src/early.ts')
const server = `http://127.0.0.1:${process.env.MAINSTAY_PORT ?? '8420'}`

// The policy of the page allows scripts and styles from files only (no inline script, no data: script), so nothing is
// inlined. Every asset carries a hash in its name and is kept for ever; only the page and the worker are asked anew.
export default defineConfig({
  root: web,
  plugins: [react(), consolePage(join(web, 'src/shell/routes.tsx'))],
  build: {
    outDir: join(import.meta.dirname, 'dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: { main: join(web, 'index.html'), early, ...(existsSync(worker) ? { 'service-worker': worker } : {}) },
      output: {
        entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
        // React changes with its own releases, not with ours: it stays in the browser's cache over an update.
        // What three pages and more share comes in one file instead of a dozen small ones.
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 2 },
            { name: 'shared', test: /web[\\/]src[\\/](parts|shell)|node_modules/, minShareCount: 3, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    port: 5173,
    strictPort: true,
    proxy: Object.fromEntries(['/api', '/healthz', '/readyz', '/version', '/a/'].map((path) => [path, server])),
  },
})
