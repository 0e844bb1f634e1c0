import { html, raw } from 'hono/html'
import { create } from 'qrcode'
import type { Markup } from './pieces.ts'

/** A code to photograph, as one path in a drawing: black on white in any mode. */
export function qrCode(text: string, label: string): Markup {
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  const quiet = 4
  const side = modules.size + 2 * quiet
  let path = ''
  for (let y = 0; y < modules.size; y += 1) {
    for (let x = 0; x < modules.size; x += 1) {
      if (!modules.get(y, x)) continue
      let wide = 1
      while (x + wide < modules.size && modules.get(y, x + wide)) wide += 1
      path += `M${x + quiet} ${y + quiet}h${wide}v1h-${wide}z`
      x += wide - 1
    }
  }
  return html`<svg class="qr" role="img" aria-label="${label}" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><rect width="${side}" height="${side}" fill="#fff"/><path d="${raw(path)}" fill="#000"/></svg>`
}
