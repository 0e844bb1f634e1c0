// Shows what this installation sends to a device, and opens the page that asked for it: the one this worker was registered for. It
// keeps nothing, and no request goes through it.
self.addEventListener('push', (event) => {
  const { title = '', body = '' } = event.data?.json() ?? {}
  event.waitUntil(self.registration.showNotification(title, { body, tag: 'linli' }))
})
self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const page = self.registration.scope
  event.waitUntil(
    self.clients.matchAll({ type: 'window', includeUncontrolled: true }).then((open) => {
      const there = open.find((client) => client.url === page)
      return there ? there.focus() : self.clients.openWindow(page)
    }),
  )
})
