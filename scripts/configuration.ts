// Prints docs/configuration.md from the table of variables. `node scripts/configuration.ts`
import { mkdirSync, writeFileSync } from 'node:fs'
import { configurationDocument } from '../src/kernel/config/document.ts'

const docs = new URL('../docs/', import.meta.url)
mkdirSync(docs, { recursive: true })
writeFileSync(new URL('configuration.md', docs), configurationDocument())
