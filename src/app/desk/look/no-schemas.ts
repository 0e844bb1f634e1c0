import type { Plugin } from 'vite'

const virtual = '\0virtual:no-schemas'

/**
 * A Vite plugin that leaves the schemas out of the desk. The desk takes the method and the address of an endpoint and the
 * types of what goes over it; whether a body is right is the server's to say. What builds schemas becomes one value that
 * answers everything with itself, so that the room's `.api.ts` runs as it is and weighs next to nothing.
 */
export function noSchemas(): Plugin {
  return {
    name: 'linli-no-schemas',
    apply: 'build',
    enforce: 'pre',
    resolveId: (source) => (source === 'typebox' ? virtual : null),
    load: (id) => (id === virtual ? nothing : null),
  }
}

const nothing = `
export const Type = new Proxy(() => {}, { get: () => Type, apply: () => Type })
export default Type
`
