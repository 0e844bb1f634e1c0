// @ts-check
/**
 * Passkeys on the public pages: signing in with one, and adding one. The part of the page that offers it is hidden until this script has
 * seen that the browser can.
 */

/**
 * Shows the offer and waits for its button. Only at the address that the passkeys belong to.
 * @param {HTMLElement} part
 */
export function offer(part) {
  const able = 'PublicKeyCredential' in window && 'parseRequestOptionsFromJSON' in PublicKeyCredential
  const button = part.querySelector('button')
  if (!able || !button || location.origin !== part.dataset.origin) return
  part.hidden = false
  const said = part.querySelector('[role=status]')
  button.addEventListener('click', async () => {
    button.disabled = true
    if (said) said.textContent = ''
    try {
      await (part.dataset.passkey === 'add' ? add(part) : enter(part))
    } catch (error) {
      const refused = error instanceof Error && error.name === 'Refused' ? error.message : ''
      if (said instanceof HTMLElement) said.textContent = refused || (said.dataset.failed ?? '')
    }
    button.disabled = false
  })
}

/** @param {HTMLElement} part */
async function enter(part) {
  const { options } = await send('/api/sign-in/passkey/options', {})
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options)
  const credential = await navigator.credentials.get({ publicKey })
  const remember = document.querySelector('input[name=remember]')
  await send('/api/sign-in/passkey', {
    response: answer(credential, ['clientDataJSON', 'authenticatorData', 'signature', 'userHandle']),
    remember: remember instanceof HTMLInputElement && remember.checked,
  })
  location.assign(part.dataset.to ?? '/desk/')
}

/** @param {HTMLElement} part */
async function add(part) {
  const input = part.querySelector('input')
  const name = input?.value.trim() ?? ''
  if (!name) return input?.focus()
  const { options } = await send('/api/my/passkeys/options', {})
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options)
  const credential = await navigator.credentials.create({ publicKey })
  await send('/api/my/passkeys', {
    name,
    response: answer(credential, ['clientDataJSON', 'attestationObject', 'transports']),
  })
  location.assign('/my/security?done=1')
}

/**
 * What is checked of the device's answer, and nothing else that the browser knows of the device.
 * @param {Credential | null} credential
 * @param {string[]} names
 */
function answer(credential, names) {
  if (!(credential instanceof PublicKeyCredential)) throw new Error('no passkey')
  const { id, rawId, type, response } = credential.toJSON()
  const given = Object.fromEntries(names.filter((name) => response[name] != null).map((name) => [name, response[name]]))
  return { id, rawId, type, response: given, clientExtensionResults: {} }
}

/**
 * @param {string} url
 * @param {object} body
 */
async function send(url, body) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': document.documentElement.lang },
    body: JSON.stringify(body),
  })
  const said = answer.status === 204 ? {} : await answer.json()
  if (answer.ok) return said
  const refused = new Error(said.detail ?? said.title ?? '')
  refused.name = 'Refused'
  throw refused
}
