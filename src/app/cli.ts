// Where every command begins. Nothing but this: what is imported before the cache is on is compiled at each start.
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Beside the packages, where whoever installs may write. Where nobody may, nothing is kept and everything works.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/linli', import.meta.url)))
await import('./commands/index.ts')
