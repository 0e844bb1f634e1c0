// @ts-check
/**
 * What a script adds to the public pages. Every page works without it: nothing here is the only way to do anything.
 *
 *   <input type="file" data-preview>                   pictures are shown before they are sent
 *   <input data-suggest="/api/places?search=">         places are suggested while typing
 *   <div data-position="/tell/near">                   the device says where it is, when asked to by a button
 *   <form data-draft="tell">                           what was typed is kept in this tab until it is sent
 *   <form data-proof="/api/proof">                     a proof of work is solved, when the server asks for one
 *   <div data-passkey="enter">                         a passkey is asked for, where the browser can
 *   <div data-push="record">                           this device can be told when something happens
 */

/** Errors first: someone who sent a form with faults is taken to them. */
const faults = document.getElementById('faults')
if (faults) faults.focus()

for (const form of document.querySelectorAll('form[data-draft]')) {
  if (form instanceof HTMLFormElement) keepDraft(form)
}
for (const input of document.querySelectorAll('input[data-preview]')) {
  if (input instanceof HTMLInputElement) showPictures(input)
}
for (const input of document.querySelectorAll('input[data-suggest]')) {
  if (input instanceof HTMLInputElement) suggestPlaces(input)
}
const position = document.querySelector('[data-position]')
if (position instanceof HTMLElement && 'geolocation' in navigator && window.isSecureContext) offerPosition(position)
const asked = document.querySelector('form[data-proof]')
if (asked instanceof HTMLFormElement) {
  const script = document.querySelector('script[data-proof]')
  const address = script instanceof HTMLScriptElement ? script.dataset.proof : undefined
  if (address) void import(address).then((module) => module.solveFor(asked)).catch(() => {}) // no proof: the waiting ticket serves
}
const passkey = document.querySelector('[data-passkey]')
if (passkey instanceof HTMLElement) {
  const script = document.querySelector('script[data-passkeys]')
  const address = script instanceof HTMLScriptElement ? script.dataset.passkeys : undefined
  if (address) void import(address).then((module) => module.offer(passkey)).catch(() => {}) // none: the password serves
}
for (const told of document.querySelectorAll('div[data-push]')) {
  if (!(told instanceof HTMLElement)) continue
  const script = document.querySelector('script[data-worker]')
  const { told: address, worker } = script instanceof HTMLScriptElement ? script.dataset : {}
  if (address && worker) void import(address).then((module) => module.offer(told, worker)).catch(() => {}) // none: the page says it all
}

/**
 * Keeps what is typed in this tab's own store; it is gone when the tab is closed or the form was sent.
 * What the server already filled in wins: it is newer.
 * @param {HTMLFormElement} form
 */
function keepDraft(form) {
  const key = `linli-draft:${form.dataset.draft}`
  /** @type {Record<string, string>} */
  let kept = {}
  try {
    kept = JSON.parse(sessionStorage.getItem(key) ?? '{}')
  } catch {
    return // No store in this view: the server keeps the form for a day anyway.
  }
  const fields = () =>
    [...form.elements].filter(
      (element) =>
        (element instanceof HTMLInputElement && ['text', 'search', 'tel', 'email', 'date'].includes(element.type)) ||
        element instanceof HTMLTextAreaElement,
    )
  for (const element of fields()) {
    const input = /** @type {HTMLInputElement} */ (element)
    const before = kept[input.name]
    if (before && input.value === '') input.value = before
  }
  let waiting = 0
  const keep = () => {
    if (waiting === 0) return
    clearTimeout(waiting)
    waiting = 0
    const now = Object.fromEntries(
      fields().map((element) => {
        const input = /** @type {HTMLInputElement} */ (element)
        return [input.name, input.value]
      }),
    )
    try {
      sessionStorage.setItem(key, JSON.stringify(now))
    } catch {
      // Full or forbidden: typing goes on.
    }
  }
  form.addEventListener('input', () => {
    clearTimeout(waiting)
    waiting = window.setTimeout(keep, 400)
  })
  // A page that is left in the middle of a word does not wait for the clock.
  window.addEventListener('pagehide', keep)
  form.addEventListener('submit', () => {
    clearTimeout(waiting)
    waiting = 0
    sessionStorage.removeItem(key)
  })
}

/**
 * Shows chosen pictures beneath the control, before they are sent.
 * @param {HTMLInputElement} input
 */
function showPictures(input) {
  const list = document.createElement('ul')
  list.className = 'pictures'
  input.after(list)
  input.addEventListener('change', () => {
    for (const image of list.querySelectorAll('img')) URL.revokeObjectURL(image.src)
    list.replaceChildren(
      ...[...(input.files ?? [])].slice(0, 9).map((file) => {
        const item = document.createElement('li')
        if (file.type.startsWith('image/')) {
          const image = document.createElement('img')
          image.alt = ''
          image.src = URL.createObjectURL(file)
          // A kind of picture this browser cannot show still has its name.
          image.addEventListener('error', () => image.remove())
          item.append(image)
        }
        item.append(`${file.name} · ${(file.size / 1_048_576).toFixed(1)} MB`)
        return item
      }),
    )
  })
}

/**
 * Suggests places while typing. The answer is a list of `{name, code, above}`; choosing one writes its code into the
 * hidden field named in `data-code`, if there is one.
 * @param {HTMLInputElement} input
 */
function suggestPlaces(input) {
  const list = document.createElement('datalist')
  list.id = `${input.id}-places`
  input.after(list)
  input.setAttribute('list', list.id)
  input.autocomplete = 'off'
  const hidden = input.dataset.code ? input.form?.elements.namedItem(input.dataset.code) : null
  // Where places stand to be chosen from, the field of that name is one of them.
  const code = hidden instanceof HTMLInputElement && hidden.type === 'hidden' ? hidden : null
  let waiting = 0
  let last = new AbortController()
  input.addEventListener('input', () => {
    const chosen = [...list.options].find((option) => option.value === input.value)
    if (code) code.value = chosen?.dataset.code ?? ''
    if (chosen) return
    clearTimeout(waiting)
    const words = input.value.trim()
    if (words.length < 2) return
    waiting = window.setTimeout(async () => {
      last.abort()
      last = new AbortController()
      try {
        const answer = await fetch(`${input.dataset.suggest}${encodeURIComponent(words)}`, { signal: last.signal })
        if (!answer.ok) return
        const found = await answer.json()
        /** @type {{name: string, code: string, above?: string}[]} */
        const places = Array.isArray(found) ? found : (found.items ?? [])
        list.replaceChildren(
          ...places.slice(0, 8).map((place) => {
            const option = document.createElement('option')
            option.value = place.above ? `${place.above} ${place.name}` : place.name
            option.dataset.code = place.code
            return option
          }),
        )
      } catch {
        // No network: the server looks the words up when the form is sent.
      }
    }, 200)
  })
}

/**
 * Asks the device where it is, once and only at the press of the button; the point goes into the form's hidden fields and,
 * where the form names no place yet, the community there into its question. What happened is said in words.
 * @param {HTMLElement} part
 */
function offerPosition(part) {
  const form = part.closest('form')
  const button = part.querySelector('button[type=button]')
  const status = part.querySelector('[role=status]')
  if (!form || !(button instanceof HTMLButtonElement) || !status) return
  /** @type {Record<string, string>} */
  const words = JSON.parse(part.dataset.words ?? '{}')
  const fieldOf = (/** @type {string} */ name) => {
    const field = form.elements.namedItem(name)
    return field instanceof HTMLInputElement ? field : null
  }
  const say = (/** @type {string} */ name, /** @type {string} */ place = '') => {
    status.textContent = (words[name] ?? '').replace('{{name}}', place)
  }
  button.parentElement?.removeAttribute('hidden')
  const take = async (/** @type {GeolocationPosition} */ found) => {
    const longitude = found.coords.longitude.toFixed(5)
    const latitude = found.coords.latitude.toFixed(5)
    try {
      const body = new URLSearchParams({ longitude, latitude })
      const answer = await fetch(part.dataset.position ?? '', { method: 'POST', body })
      if (answer.status === 422) return say('abroad')
      const near = answer.status === 200 ? await answer.json() : null
      const place = fieldOf('place')
      const asked = fieldOf('placeWords')
      for (const [name, value] of body) {
        const field = fieldOf(name)
        if (field) field.value = value
      }
      // A place that was chosen stays; a list to choose from is the sender's to answer.
      if (place?.type !== 'hidden' || place.value !== '' || asked?.value) return say('kept')
      if (!near || !asked) return say('unknown')
      place.value = near.code
      asked.value = near.name
      say('found', near.name)
    } catch {
      say('failed')
    }
  }
  button.addEventListener('click', () => {
    say('asking')
    navigator.geolocation.getCurrentPosition(
      (found) => void take(found),
      (error) => say(error.code === error.PERMISSION_DENIED ? 'denied' : 'failed'),
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 },
    )
  })
}
