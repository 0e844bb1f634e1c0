import { createHash } from 'node:crypto'
import type { Plugin } from 'vite'

/**
 * A Vite plugin that writes the desk's service worker. It keeps the application's own files (their names carry a hash,
 * so a kept one is never stale) and the page that loads them. It never touches `/api`: no record of a resident is kept
 * by it. What a device is told of work arrives here too, and opens the desk.
 */
export function shellWorker(): Plugin {
  return {
    name: 'linli-shell-worker',
    apply: 'build',
    generateBundle(_, bundle) {
      // The map and the charts are large and not needed in a cellar: they are kept when first used, not beforehand.
      const files = Object.keys(bundle).filter(
        (name) => /\.(?:js|css|mjs)$/.test(name) && !/maplibre|echarts|map-/.test(name),
      )
      const version = createHash('sha256').update(Object.keys(bundle).sort().join('\n')).digest('hex').slice(0, 12)
      this.emitFile({ type: 'asset', fileName: 'shell-worker.js', source: workerSource(version, files) })
    },
  }
}

/** The worker as text: small enough to be read whole. */
export function workerSource(version: string, files: readonly string[]): string {
  return `importScripts('/web/push-worker.js')
const cacheName = 'linli-desk-${version}'
const shell = ${JSON.stringify(['/desk/', ...files.map((name) => `/desk/${name}`)])}
self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(shell)).then(() => self.skipWaiting()))
})
self.addEventListener('activate', (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith('linli-desk-') && name !== cacheName).map((name) => caches.delete(name)))).then(() => self.clients.claim()))
})
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== self.location.origin || !url.pathname.startsWith('/desk')) return
  if (event.request.mode === 'navigate') {
    event.respondWith(fetch(event.request).catch(() => caches.match('/desk/')))
    return
  }
  if (url.pathname.startsWith('/desk/assets/')) {
    event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request).then((answer) => {
      if (answer.ok) { const copy = answer.clone(); caches.open(cacheName).then((cache) => cache.put(event.request, copy)) }
      return answer
    })))
  }
})
`
}
