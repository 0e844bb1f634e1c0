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
      // One that stands for the whole desk is at hand on any of its pages.
      const there = open.find(({ url }) => url === page || (page.endsWith('/desk/') && url.startsWith(page)))
      return there ? there.focus() : self.clients.openWindow(page)
    }),
  )
})
