import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { antStyles } from './src/app/desk/look/antd-styles.ts'
import { noSchemas } from './src/app/desk/look/no-schemas.ts'
import { shellWorker } from './src/app/desk/look/shell-worker.ts'

// The desk: a React application that the server hands out under /desk/. Its pages are split by route, every file's
// name carries a hash of its content, and nothing is written inline, so that `default-src 'self'` holds.
export default defineConfig({
  root: fileURLToPath(new URL('./src/app/desk', import.meta.url)),
  base: '/desk/',
  cacheDir: fileURLToPath(new URL('./node_modules/.vite', import.meta.url)),
  plugins: [antStyles(), noSchemas(), react(), shellWorker()],
  build: {
    outDir: fileURLToPath(new URL('./dist/desk', import.meta.url)),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    chunkSizeWarningLimit: 1500,
    // None of our modules does anything by being loaded but the first one: a door that names twenty parts brings only those that
    // a screen uses.
    rolldownOptions: { treeshake: { moduleSideEffects: [{ test: /\/src\/.*\.tsx?$/, sideEffects: false }] } },
  },
})
