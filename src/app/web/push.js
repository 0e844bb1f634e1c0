// @ts-check
/**
 * Having this device told. The part of a page that offers it is hidden until this script has seen that the browser can. A worker is
 * registered for the address of this very page, so that pressing a message opens it: the address stays in the browser. What concerns
 * work opens the desk, by the worker that the desk has already.
 */

/**
 * @param {HTMLElement} part
 * @param {string} ownWorker address of the worker's script
 */
export async function offer(part, ownWorker) {
  const { scope: elsewhere, worker = ownWorker } = part.dataset
  const start = part.querySelector('[data-start]')
  const stop = part.querySelector('[data-stop]')
  const said = part.querySelector('[role=status]')
  const able = window.isSecureContext && 'serviceWorker' in navigator && 'PushManager' in window
  if (!able || !(start instanceof HTMLElement && stop instanceof HTMLElement && said instanceof HTMLElement)) return
  const scope = new URL(elsewhere ?? location.pathname, location.origin).href
  const found = await navigator.serviceWorker.getRegistration(scope)
  let registration = found?.scope === scope ? found : undefined
  let device = (await registration?.pushManager.getSubscription()) ?? null
  // The device says again that it is there. Somebody else may have asked for it in this browser, or the server have let it go: then
  // whoever is here now is asked first.
  if (device && (await send('PUT', part, device, true).catch(() => ({ told: true }))).told === false) device = null
  show('')
  part.hidden = false

  /** @param {string} text */
  function show(text) {
    const blocked = !device && Notification.permission === 'denied'
    const [first, last] = /** @type {HTMLElement[]} */ ([start, stop])
    if (first) first.hidden = device !== null || blocked
    if (last) last.hidden = device === null
    if (said instanceof HTMLElement) {
      said.textContent = text || (device ? said.dataset.on : blocked ? said.dataset.blocked : '') || ''
    }
  }
  /** @param {() => Promise<void>} work */
  const doing = (work) => async () => {
    let text = ''
    try {
      await work()
    } catch (error) {
      const told = error instanceof Error && error.name === 'Refused' ? error.message : ''
      text = told || (Notification.permission === 'denied' ? '' : (said.dataset.failed ?? ''))
    }
    show(text)
  }
  start.addEventListener(
    'click',
    doing(async () => {
      registration = await navigator.serviceWorker.register(worker, { scope })
      await active(registration)
      const options = { userVisibleOnly: true, applicationServerKey: part.dataset.key ?? '' }
      const made = await registration.pushManager.subscribe(options)
      await send('PUT', part, made).catch(async (error) => {
        await made.unsubscribe()
        throw error
      })
      device = made
    }),
  )
  stop.addEventListener(
    'click',
    doing(async () => {
      if (device) {
        await send('DELETE', part, device)
        await device.unsubscribe()
      }
      device = null
      if (!elsewhere) await registration?.unregister()
    }),
  )
}

/**
 * Only a worker that is at work can be told something.
 * @param {ServiceWorkerRegistration} registration
 */
async function active(registration) {
  const coming = registration.installing ?? registration.waiting
  if (registration.active || !coming) return
  await new Promise((resolve, reject) => {
    coming.addEventListener('statechange', () => {
      if (coming.state === 'activated') resolve(undefined)
      if (coming.state === 'redundant') reject(new Error('no worker'))
    })
  })
}

/**
 * The secret link of the page goes in a header of its own, never into an address.
 * @param {'PUT' | 'DELETE'} method
 * @param {HTMLElement} part
 * @param {PushSubscription} device
 * @param {boolean} [again] only where it is known already
 * @returns {Promise<{ told?: boolean }>}
 */
async function send(method, part, device, again = false) {
  const { endpoint = '', keys = {} } = device.toJSON()
  const link = /^\/r\/([^/]+)/.exec(location.pathname)?.[1]
  const answer = await fetch('/api/push', {
    method,
    headers: { 'Content-Type': 'application/json', ...(link ? { 'Linli-Link': decodeURIComponent(link) } : {}) },
    body: JSON.stringify({ purpose: part.dataset.push, endpoint, ...(method === 'PUT' ? { keys, again } : {}) }),
  })
  if (answer.ok) return method === 'PUT' ? answer.json() : {}
  const { detail = '' } = await answer.json().catch(() => ({}))
  throw Object.assign(new Error(detail), { name: 'Refused' })
}
