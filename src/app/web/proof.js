// @ts-check
/**
 * Solves the proof of work that the server asks for under load, with the solver of `altcha-lib`, loaded only now.
 * The form carries `data-proof` (where the challenge is fetched) and a hidden field named `proof`, which gets the
 * base64 payload. Where no script runs, the form offers a waiting ticket instead.
 */

/**
 * @param {HTMLFormElement} form
 * @returns {Promise<void>}
 */
export async function solveFor(form) {
  const field = form.elements.namedItem('proof')
  if (!(field instanceof HTMLInputElement) || !form.dataset.proof || !globalThis.crypto?.subtle) return
  const answer = await fetch(form.dataset.proof)
  // Nothing asked for: the server is at ease.
  if (!answer.ok || answer.status === 204) return
  const challenge = await answer.json()
  const { solveChallenge } = await import(at('/web/altcha/pow.js'))
  const { deriveKey } = await import(
    at(
      challenge.parameters.algorithm.startsWith('PBKDF2/')
        ? '/web/altcha/algorithms/web/pbkdf2.js'
        : '/web/altcha/algorithms/web/sha.js',
    )
  )
  const solution = await solveChallenge({ challenge, deriveKey, timeout: 60_000 })
  if (solution) {
    field.value = btoa(JSON.stringify({ challenge, solution }))
    form.dispatchEvent(new CustomEvent('proof'))
    for (const note of form.querySelectorAll('[data-without-proof]')) note.setAttribute('hidden', '')
  }
}

/**
 * The address as a value, so that type checking does not look for a file of that name here.
 * @param {string} path
 */
function at(path) {
  return path
}
