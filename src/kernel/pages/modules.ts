// What a page runs that needs no server: our own modules without their types and a library's as they are, each under a name that its reader knows.
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { fileURLToPath } from 'node:url'

const imported = /^((?:import|export|\})[^'"\n]*?from\s*)(['"])([^'"]+)\2/gm

/** A short name for a file: `edwards` of a package's folder `abstract` is `noble-curves-abstract-edwards`. */
function nameOf(url: string): string {
  const path = fileURLToPath(url).replaceAll('\\', '/')
  const inner = path.split('/node_modules/@').at(-1) ?? ''
  const own = path.split('/src/').at(-1) ?? ''
  return (path.includes('/node_modules/@') ? inner : own).replace(/\.[jt]s$/, '').replaceAll('/', '-')
}

/**
 * Every module that one needs, itself first, by name.
 * @param entry where that one lies (file:)
 * @param written how an import of another is written: its address, or its name in a map
 */
export function browserModules(entry: string, written: (name: string) => string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const waiting = [entry]
  for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
    const at = url
    if (found.has(nameOf(at))) continue
    const text = readFileSync(fileURLToPath(at), 'utf8')
    const plain = at.endsWith('.ts') ? stripTypeScriptTypes(text) : text
    const source = plain.replace(imported, (_, before: string, quote: string, specifier: string) => {
      const other = specifier.startsWith('.') ? new URL(specifier, at).href : import.meta.resolve(specifier)
      waiting.push(other)
      return `${before}${quote}${written(nameOf(other))}${quote}`
    })
    found.set(nameOf(at), source)
  }
  return found
}
