import type { Command } from 'commander'
import pg from 'pg'
import { withDatabase } from './settings.ts'
import { exitCodes, progressBar, result } from './terminal.ts'

/** `linli verify`: walks the register of acts and names the first entry that does not hold. */
export function verifyCommand(program: Command): void {
  program
    .command('verify')
    .description('walk the register of acts and name the first broken entry 核对办事记录')
    .option('--data <directory>', 'data directory 数据目录')
    .option('--json', 'end with one JSON line: {ok, entries, firstBroken}, or {ok: false, error}')
    .action(async (options: { data?: string; json?: boolean }) => {
      const { verify } = await import('#kernel/ledger/index.ts')
      const found = await withDatabase(options, async ({ config }) => {
        const client = new pg.Client({ connectionString: config.ownerUrl })
        // A database that goes away is told by the statement that fails, not by an error nobody listens to.
        client.on('error', () => undefined)
        await client.connect()
        const bar = progressBar({ zh: '核对', en: 'Verifying' })
        try {
          return await verify(client, bar.report)
        } finally {
          bar.end()
          await client.end()
        }
      })
      const { entries, ok, firstBroken } = found
      result(
        options.json ?? false,
        { entries, ok, firstBroken },
        ok
          ? { zh: `共 ${entries} 条，完整无缺。`, en: `${entries} entries, all whole.` }
          : {
              zh: `前 ${entries} 条完整，第 ${firstBroken} 条不对：${found.reason}。`,
              en: `${entries} entries are whole; entry ${firstBroken} is broken: ${found.reason}.`,
            },
      )
      if (!ok) process.exitCode = exitCodes.failed
    })
}
