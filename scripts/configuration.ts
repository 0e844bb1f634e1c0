// Prints docs/configuration.md from the table of variables. `node scripts/configuration.ts`
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { configurationDocument } from '../src/kernel/config/document.ts'

const target = fileURLToPath(new URL('../docs/configuration.md', import.meta.url))
const biome = fileURLToPath(new URL('../node_modules/.bin/biome', import.meta.url))
mkdirSync(new URL('../docs/', import.meta.url), { recursive: true })
writeFileSync(
  target,
  execFileSync(biome, ['format', `--stdin-file-path=${target}`], { input: configurationDocument(), encoding: 'utf8' }),
)
