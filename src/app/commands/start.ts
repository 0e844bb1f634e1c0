import type { Command } from 'commander'
import { serveUntilStopped } from './serving.ts'
import { settings } from './settings.ts'

interface Options {
  port?: string
  data?: string
  empty?: boolean
}

/** `linli start` (`npm start`): everything a newcomer needs, with demonstration data in an empty database. */
export function startCommand(program: Command): void {
  program
    .command('start')
    .description('start everything; an empty database gets the demonstration 启动，空库时装入演示数据')
    .option('--port <number>', 'port of the pages 网页端口 (LINLI_PORT, 3000)')
    .option('--data <directory>', 'data directory 数据目录 (LINLI_DATA, ./data)')
    .option('--empty', 'no demonstration data 不装演示数据 (LINLI_EMPTY=1)')
    .action((options: Options) => serveUntilStopped(settings(overrides(options, options.empty))))
}

/** `linli serve`: the same for a real installation, which never has demonstration data. */
export function serveCommand(program: Command): void {
  program
    .command('serve')
    .description('serve a real installation, never with demonstration data 正式运行')
    .option('--port <number>', 'port of the pages 网页端口 (LINLI_PORT, 3000)')
    .option('--data <directory>', 'data directory 数据目录 (LINLI_DATA, ./data)')
    .action((options: Options) => serveUntilStopped(settings(overrides(options, true))))
}

function overrides(options: Options, empty: boolean | undefined) {
  return { port: options.port, dataDirectory: options.data, empty: empty ? '1' : undefined }
}
