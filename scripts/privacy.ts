// Writes docs/privacy-assessment.md from what the rooms declare of their columns. `node scripts/privacy.ts`.
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { loadDeclarations, printPrivacyAssessment } from '../src/kernel/privacy/index.ts'

const source = fileURLToPath(new URL('../src', import.meta.url))
const target = fileURLToPath(new URL('../docs/privacy-assessment.md', import.meta.url))
await writeFile(target, printPrivacyAssessment(await loadDeclarations(source)))
console.log('Wrote docs/privacy-assessment.md.')
